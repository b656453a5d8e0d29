"""What a picture is drawn of: a comparison in one outcome, in a reader's terms."""

from collections.abc import Iterable
from typing import NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.terms import Terms, capital
from sim.comparison.words import Words
from sim.measures.outcome import Outcome
from sim.measures.registry import described


class OutcomeView(NamedTuple):
    """A comparison as a reader looks at it."""

    found: Comparison

    @property
    def outcome(self) -> str:
        """What is compared: the harm."""
        return self.found.harm or self.found.outcomes[0]

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
