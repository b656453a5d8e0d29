"""The picture of regret: a row for each scenario, and words that keep apart."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from batches import found_in
from pictures import collisions, outside, words_of

from sim.comparison.source import MissingTableError, Source, open_source
from sim.report.regret import draw_regret
from sim.runs.posterior import Posterior, UncertainParameter


def source(scenarios: int, apart: float, variant: bool = False) -> Source:
    """Policies with differences of ``apart``, in ten draws of a parameter."""
    rng = np.random.default_rng(1)
    luck = rng.poisson(9.0, 20)
    names = ["baseline", *(f"policy_with_a_name_{k}" for k in range(1, scenarios))]
    rows = [
        {"scenario": name + at, "replicate": r, "draw": r % 10,
         "victims": float(luck[r] + apart * k + rng.random())}
        for at in (("", "@no_fear") if variant else ("",))
        for k, name in enumerate(names)
        for r in range(20)
    ]  # fmt: skip
    draws = tuple((float(x),) for x in rng.random(10))
    posterior = Posterior((UncertainParameter("a", ("a",)),), draws, "made up")
    return replace(open_source(pa.Table.from_pylist(rows)), posterior=posterior)


@pytest.mark.parametrize(
    ("scenarios", "apart", "variant"), [(2, 0.0, False), (21, 0.5, True), (6, 2000.0, False)]
)
def test_words_keep_apart(scenarios: int, apart: float, variant: bool) -> None:
    """Few scenarios and many, near and far: nothing collides or leaves the page."""
    figure = draw_regret(found_in(source(scenarios, apart, variant)))
    assert collisions(figure) == []
    assert outside(figure) == []
    told = " ".join(words for words, _ in words_of(figure))
    assert "nan" not in told.lower()


def test_the_safe_one_is_in_the_title() -> None:
    """Far ahead of the others it is never far behind; without draws there is no figure."""
    told = [words for words, _ in words_of(draw_regret(found_in(source(3, 5.0))))]
    assert "Baseline is never far behind the best on victims" in told
    with pytest.raises(MissingTableError):
        draw_regret(found_in(replace(source(3, 5.0), posterior=None)))
