"""What a picture is drawn of: one outcome of a comparison, in a reader's terms."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.comparison.comparison import Comparison, asked
from sim.comparison.paired import Contrast
from sim.comparison.question import Question, check_names
from sim.comparison.source import Results, opened
from sim.comparison.terms import Terms, capital
from sim.comparison.words import Words
from sim.measures.outcome import Outcome
from sim.measures.registry import described, headlines

type Shown = Comparison | Results
"""What a picture takes: a comparison, or what one can be made of."""


class View(NamedTuple):
    """One outcome of a comparison as a reader looks at it."""

    found: Comparison
    outcome: str

    @property
    def terms(self) -> Terms:
        """What the reader calls things."""
        return self.found.terms

    def labels(self, names: Iterable[str]) -> list[str]:
        """What the reader calls some scenarios."""
        return [self.terms.label(name) for name in names]

    @property
    def field(self) -> Outcome:
        """What is known of the outcome."""
        return described(self.outcome)

    @property
    def own(self) -> tuple[Contrast, ...]:
        """Each policy against the baseline in this outcome."""
        return self.found.of(self.outcome)

    @property
    def words(self) -> Words:
        """What says a finding."""
        return self.found.words(self.terms)

    @property
    def headline(self) -> tuple[str, str]:
        """The finding as a title, and what it rests on."""
        claim = self.words.finding(self.own, self.outcome)
        return claim.title, capital(claim.beneath)

    @property
    def level(self) -> str:
        """Of every interval: ``90 %``."""
        return f"{100.0 * self.found.confidence:g} %"

    @property
    def ranked(self) -> list[str]:
        """The baseline, then the others from the best mean difference to the worst.

        Where neither less nor more is better, from the lowest to the highest; those of which
        nothing can be said come last.
        """
        return [self.found.baseline, *(c.scenario for c in self.by_rank)]

    @property
    def by_rank(self) -> list[Contrast]:
        """Each policy against the baseline, in the order of :attr:`ranked`."""
        sign = -1.0 if self.field.better == "more" else 1.0
        return sorted(self.own, key=lambda c: (c.difference is None, sign * (c.difference or 0.0)))


def look(
    shown: Shown,
    outcome: str | None = None,
    baseline: str = "baseline",
    also: Sequence[str] = (),
) -> View:
    """One outcome of a comparison, by default its harm; of a store, the comparison is made here.

    ``also`` names outcomes that are shown beside it. Raises ``PanjError`` for a name that is not
    there.
    """
    if not isinstance(shown, Comparison):
        source = opened(shown)
        usual = [name for name in headlines() if name in source.outcomes][:1]
        question = Question(outcomes=[outcome] if outcome else usual or None, harm=outcome)
        shown = asked(source, baseline, question, also=also)
    chosen = outcome or shown.harm or shown.outcomes[0]
    check_names("outcome", [chosen], shown.outcomes)
    return View(shown, chosen)
