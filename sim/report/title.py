"""What a reader who knows no names calls a scenario: its title."""

from dataclasses import replace

from sim.comparison.comparison import Comparison
from sim.comparison.terms import Terms, capital


def title_of(found: Comparison, name: str) -> str:
    """The title of a scenario; its name in words where it has none."""
    spec = found.source.specs.get(name)
    return spec.title if spec is not None and spec.title else capital(found.terms.label(name))


def titled(found: Comparison) -> Terms:
    """Terms with scenarios under their titles in quotes; under their names where two share one.

    The baseline keeps its name, which stands in every other sentence.
    """
    specs = found.source.specs
    titles = {name: specs[name].title for name in found.policies if name in specs}
    every = list(titles.values())
    own = {n: f"“{title}”" for n, title in titles.items() if title and every.count(title) == 1}
    return replace(found.terms, labels={**found.terms.labels, **own})
