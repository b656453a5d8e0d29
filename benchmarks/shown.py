"""Make what README and docs show from one store: texts, pictures, a report, a film.

The store is that of the first command in the README. ``docs/img/shown.json`` identifies it, and
every picture holds its digest, so that a test can check that all of them show the same years.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from benchmarks.film import few_colours, film, first_page
from sim.runs.store import Store

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs" / "img"
RECORD: Final = IMAGES / "shown.json"
KEY: Final = "Panj store"
"""The metadata key of a picture for the digest of the store."""

OUTCOMES: Final = "victims,interdiction_share,cost_usd"
PICTURES: Final = {
    "outcome": (), "cost": (), "ceiling": (),
    "displacement": ("--outcome", "not_stopped"),
    "convergence": ("--scenarios", "joint_control,harden_worksites,triggered,surveillance"),
}  # fmt: skip
"""The kinds of picture in docs/img/batch, and their options."""

LEFT_OUT: Final = "  ..."
CHECKED: Final = ("baseline", "joint_control")
"""Scenarios whose first replicate is kept in the record, so that a test can run it again."""


@click.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option("--no-browser", is_flag=True, help="Skip what needs Chromium.")
def main(store: Path, no_browser: bool) -> None:
    """Make what README and docs show of STORE, a batch of all shipped scenarios."""
    held = Store.open(store)
    total = held.table_hash()
    _replace(ROOT / "README.md", "compare-table", comparison_table(store))
    _replace(ROOT / "docs" / "tutorial.md", "run-table", run_summary())
    (IMAGES / "batch").mkdir(parents=True, exist_ok=True)
    for kind, options in PICTURES.items():
        target = IMAGES / "batch" / f"{kind}.png"
        _panj("plot", str(store), "--kind", kind, *options, "-o", str(target), "--force")
        few_colours(target, **{KEY: total})
    if not no_browser:
        page = IMAGES / "report" / "page.png"
        with TemporaryDirectory() as folder:
            report = Path(folder) / "report.html"
            _panj("report", str(store), "-o", str(report))
            first_page(report, page)
        few_colours(page, **{KEY: total})
        film(IMAGES / "viewer" / "follow.webp")
    rows = held.outcomes(CHECKED).to_pylist()
    first = {row["scenario"]: row for row in rows if row["replicate"] == 0}
    kept = {name: {k: v for k, v in first[name].items() if v is not None} for name in CHECKED}
    record = {"store": total, "replicates": 100, "first": kept}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def comparison_table(store: Path) -> str:
    """The verdict and the matrix, shortened to the first rows and those that are worse."""
    said = _panj("compare", str(store), "--outcomes", OUTCOMES).splitlines()
    note = next((n for n, line in enumerate(said) if line.startswith("Note")), None)
    blank = next(n for n, line in enumerate(said) if not line and n > (note or 0))
    head = said[: note if note is not None else blank]
    table = said[blank:]
    end = next(n for n, line in enumerate(table) if n and not line)
    rows = table[:end]
    places = [n for n, line in enumerate(rows) if re.match(r"  \w+ +\d", line)]
    keep = {*places[:4], *places[-2:]}
    out: list[str] = []
    for n, line in enumerate(rows):
        if n not in places or n in keep:
            out.append(line)
        elif out[-1] != LEFT_OUT:
            out.append(LEFT_OUT)
    return "\n".join([*head, LEFT_OUT.strip(), *out])


def run_summary() -> str:
    """The summary of a year of the baseline, with the gravest incidents."""
    said = _panj("run", "baseline").splitlines()
    parts = "\n".join(said).split("\n\n")
    named = {part.splitlines()[0]: part for part in parts}
    people = "\n".join(named["People"].splitlines()[:9])
    story = next(part for name, part in named.items() if "gravest" in name)
    parts = [parts[0], f"{people}\n{LEFT_OUT}", f"{named['Response']}\n{LEFT_OUT}", story]
    return "\n\n".join(parts)


def _replace(page: Path, mark: str, text: str) -> None:
    """Replace the text between the markers of a page."""
    pattern = re.compile(rf"(<!-- {mark} -->\n```text\n).*?(\n```\n<!-- /{mark} -->)", re.S)
    old = page.read_text("utf-8")
    assert pattern.search(old), f"{page.name} lacks the marks of {mark}"
    page.write_text(pattern.sub(lambda m: f"{m[1]}{text}{m[2]}", old), encoding="utf-8")


def _panj(*arguments: str) -> str:
    """The output of a command, at the width of a page."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"panj {' '.join(arguments)}: {done.stderr}")
    return done.stdout.rstrip()


def store_digest(path: Path) -> str | None:
    """The digest of the store in a picture, if it has one."""
    from PIL import Image

    with Image.open(path) as picture:
        found = picture.info.get(KEY)
    return None if found is None else str(found)


if __name__ == "__main__":
    main()
