"""Merge tables: the rule by which files, overrides and defaults combine."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sim.frontier.ground import Ground
from sim.scenario.spec import Scenario
from sim.toml_lines import dotted

Values = Mapping[str, object]
"""Parameters as nested tables, as in a file."""


@lru_cache(maxsize=16)
def defaults(ground: Ground) -> Values:
    """Return the default values on a ground. They are shared: never write into them."""
    return Scenario(ground=ground).model_dump(exclude={"stated"})


def merged(below: Values, above: Values) -> dict[str, object]:
    """Merge ``above`` over ``below``: tables key by key at every depth, all else is replaced.

    A list is replaced as a whole. Neither argument is changed. Merging is associative as long as no
    key is a table in one place and a single value in another.
    """
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        result[key] = merged(under, value) if both else value  # type: ignore[arg-type]
    return result


def leaves(values: Values, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """Yield every value that is not a table with its dotted key; an empty table yields nothing."""
    for key, value in values.items():
        path = (*prefix, str(key))
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield dotted(path), value
