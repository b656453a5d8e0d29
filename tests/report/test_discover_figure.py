"""The picture of a discovery: with a box and without, words keep apart."""

import numpy as np
import pytest
from pictures import collisions, outside, words_of

from sim.comparison.terms import PLAIN
from sim.explore.discover.result import Box, Discovery, Figures, Limit, Plane
from sim.report.discover import draw_discovery, section_content


def discovery(*, boxes: bool, scale: float = 1.0, name: str = "cells.p_joint") -> Discovery:
    """A made-up finding of sixty draws."""
    rng = np.random.default_rng(1)
    x, y = scale * rng.random(60), rng.random(60)
    figures = Figures(share=0.2, inside=1.2, low=0.4, high=2.0, outside=-0.5, coverage=0.7,
                      density=0.8)  # fmt: skip
    limits = (
        Limit(parameter=name, way="above", value=0.6 * scale, unit="1/year", share=0.4),
        Limit(parameter="b", way="below", value=0.5, unit="probability", share=0.5),
    )
    box = Box(limits=limits, found=figures, held=figures, p_value=0.01, verdict="loses")
    return Discovery(
        asked="panj discover STORE", runs=60, policy="triggered", baseline="baseline",
        outcome="victims", worse_by=0.0, confidence=0.9, expected=True, draws=60, parameters=5,
        mean=-0.3, worse=0.3, p_value=0.01 if boxes else 0.6, boxes=(box,) if boxes else (),
        plane=Plane(parameters=(name, "b"), units=("1/year", "probability"),
                    across=tuple(x.tolist()), up=tuple(y.tolist()),
                    differences=tuple(np.where(x > 0.6 * scale, 2.0, -1.0).tolist())),
        trade_off=((1.0, 0.3), (0.7, 0.8)),
    )  # fmt: skip


@pytest.mark.parametrize("boxes", [True, False])
@pytest.mark.parametrize("scale", [1.0, 1e5])
def test_words_keep_apart(boxes: bool, scale: float) -> None:
    """Small and large values, a long name, with a box and without."""
    figure = draw_discovery(discovery(boxes=boxes, scale=scale, name="a" * 40), PLAIN)
    assert collisions(figure) == []
    assert outside(figure) == []
    told = " ".join(words for words, _ in words_of(figure))
    assert ("no box holds up" in told) is not boxes


def test_a_discovery_has_a_section() -> None:
    """Two sentences, a table with a row for the search and one for held-out draws, and a figure."""
    told = section_content(discovery(boxes=True), PLAIN)
    assert len(told.sentences) == 2
    assert len(told.tables[0].rows) == 2
    assert "cells.p_joint is above 0.60 1/year and b is below 0.50" in told.sentences[0]
    assert told.figure.axes
