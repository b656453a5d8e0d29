"""A comparison in one outcome, as its figures need it."""

from collections.abc import Iterable
from typing import NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.terms import Terms, capital
from sim.comparison.words import Words
from sim.measures.outcome import Outcome
from sim.measures.registry import described


class OutcomeView(NamedTuple):
    """A comparison in the outcome that is its harm."""

    comparison: Comparison

    @property
    def outcome(self) -> str:
        """The outcome: the harm, or the first."""
        return self.comparison.harm or self.comparison.outcomes[0]

    @property
    def terms(self) -> Terms:
        """The words of the reader for scenarios and runs."""
        return self.comparison.terms

    def labels(self, names: Iterable[str]) -> list[str]:
        """The labels of scenarios."""
        return [self.terms.label(name) for name in names]

    @property
    def field(self) -> Outcome:
        """The definition of the outcome."""
        return described(self.outcome)

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Each policy against the baseline in this outcome."""
        return self.comparison.of(self.outcome)

    @property
    def words(self) -> Words:
        """The sentences of a finding."""
        return self.comparison.words(self.terms)

    @property
    def headline(self) -> tuple[str, str]:
        """The finding as a title, and what it rests on."""
        claim = self.words.finding(self.contrasts, self.outcome)
        return claim.title, capital(claim.beneath)

    @property
    def level(self) -> str:
        """The confidence of every interval: ``90 %``."""
        return f"{100.0 * self.comparison.confidence:g} %"

    @property
    def ranked(self) -> list[str]:
        """The baseline, then the others from the best mean difference to the worst.

        Where neither less nor more is better, from the lowest to the highest. Scenarios without a
        difference come last.
        """
        return [self.comparison.baseline, *(c.scenario for c in self.ranked_contrasts)]

    @property
    def ranked_contrasts(self) -> list[Contrast]:
        """Each policy against the baseline, in the order of :attr:`ranked`."""
        sign = -1.0 if self.field.better == "more" else 1.0
        return sorted(
            self.contrasts, key=lambda c: (c.difference is None, sign * (c.difference or 0.0))
        )
