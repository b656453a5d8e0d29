"""Named tuples of arrays, kept in files of numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def save(found: Any, path: Path) -> None:
    """Write the fields of a named tuple to a file."""
    np.savez_compressed(path, **found._asdict())


def load[T](kind: type[T], path: Path) -> T:
    """Read a named tuple that :func:`save` wrote."""
    fields: Any = kind
    with np.load(path) as held:
        return kind(**{name: held[name] for name in fields._fields})
