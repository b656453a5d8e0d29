"""The tornado, the heat map and the words of any finding."""

from pathlib import Path

import pytest

from sim.comparison.terms import PLAIN
from sim.explore.sensitivity.result import (
    FactorRange,
    Influence,
    Sensitivity,
    Subject,
    VarianceSplit,
)
from sim.explore.sensitivity.words import sentences
from sim.report.sensitivity import MOST, draw_sensitivity, section_content
from sim.report.style import save

NAMES = tuple(f"factor_{n}" for n in range(MOST + 2))


def influence(name: str, index: float, change: float, luck: float | None) -> Influence:
    """An influence with an interval of a fifth either way."""
    low, high = 0.8 * index, 1.2 * index
    return Influence(
        factor=name, index=index, low=low, high=high, change=change, turns=change == 0.0 < index,
        second=0.1, luck=luck,
    )  # fmt: skip


def subject(names: tuple[str, ...], seeds: int, outcome: str) -> Subject:
    """Falling indices: the first raises, the second lowers, the third goes both ways."""
    luck = None if seeds == 1 else 0.3
    rows = []
    for n, name in enumerate(names):
        index = 3.0 / (n + 1) if n < len(names) - 1 else 0.0
        rows.append(influence(name, index, (index, -index, 0.0)[n % 3], luck))
    split = None if seeds == 1 else VarianceSplit(points=0.5, seeds=0.2, rest=0.3, left=0.1)
    plain: dict[str, object] = {"scenario": "triggered", "against": "baseline", "dropped": 3}
    return Subject.model_validate(
        {
            **plain,
            "outcome": outcome,
            "expected": True,
            "mean": 1.0,
            "split": split,
            "influences": tuple(rows),
        }
    )


def finding(
    method: str, seeds: int = 4, outcomes: tuple[str, ...] = ("victims",), names: int = 5
) -> Sensitivity:
    """A finding of some outcomes."""
    own = NAMES[:names]
    return Sensitivity(
        asked="panj sensitivity",
        runs=100,
        method=method,  # type: ignore[arg-type]
        n=10,
        points=60,
        seeds=seeds,
        confidence=0.9,
        factors=tuple(FactorRange(name=n, low=0.0, high=1.0, unit="-", lever=True) for n in own),
        subjects=tuple(subject(own, seeds, outcome) for outcome in outcomes),
    )


@pytest.mark.parametrize(
    ("method", "seeds", "outcomes", "names"),
    [
        ("morris", 1, ("victims",), 1),
        ("sobol", 4, ("cost_usd", "interdiction_share"), len(NAMES)),
        ("morris", 1, ("victims", "deaths"), 5),
    ],
)
def test_every_finding_can_be_drawn(
    tmp_path: Path, method: str, seeds: int, outcomes: tuple[str, ...], names: int
) -> None:
    """Every method, with luck or without, one outcome or several, more rows than are drawn."""
    told = section_content(finding(method, seeds, outcomes, names), PLAIN)
    assert save(told.figure, tmp_path / "a.png").stat().st_size > 2_000
    assert len(told.figure.axes) == (1 if len(outcomes) == 1 else 2)


def test_bars_go_the_way_the_outcome_goes() -> None:
    """The first to the right, the second to the left, the third to both sides."""
    figure = draw_sensitivity(finding("morris"), PLAIN)
    boxes = [path.get_extents() for path in figure.axes[0].collections[-1].get_paths()]
    bars = [(box.x0, box.x1) for box in boxes]
    assert bars[0] == pytest.approx((0.0, 3.0))
    assert bars[1] == pytest.approx((-1.5, 0.0))
    assert bars[2] == pytest.approx((-0.5, 0.5))


def test_words_name_what_is_unknown() -> None:
    """Sentences name luck, what is left out, what moved nothing, and a single seed."""
    said = " ".join(sentences(finding("morris", names=12), PLAIN))
    assert "favours triggered" in said
    assert "3 points of 60 left out" in said
    assert "Seeds differ too much to settle factor_10: give more" in said
    assert "Nothing at all changed with factor_11" in said
    assert "10 % is luck" in said
    assert "One seed cannot" in " ".join(sentences(finding("morris", 1), PLAIN))
