"""What a batch costs besides the model, and what a second process gains."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.batch_speed import Around, around, two_against_one
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread, Timings

NOTE = (
    "Wall time unless said. Not the model: what a serial batch takes beyond the same runs bare. "
    "The bare loops keep nothing and say what the machine gives."
)


def section(setting: Setting) -> Section:
    """Two processes against one, and a serial batch against its bare runs."""
    pair, rounds, runs = (4, 1, 4) if setting.quick else (60, 3, 150)
    with TemporaryDirectory(prefix="panj-") as made:
        timings = two_against_one(setting.scenario, pair, rounds, Path(made, "pairs"))
        cost = around(setting.scenario, runs, Path(made, "around"))
    notes = (f"Batch: {pair} runs in one process and in two, {runs} in this one. {NOTE}",)
    return Section("A batch", rows(timings, cost), notes)


def rows(timings: Timings, cost: Around) -> list[Row]:
    """What two processes gain, and the share of the batch besides the model."""
    one, bare = "batch 1", "bare 1"
    return [
        Row("one process over two", timings.ms(one), timings.ratio(one, "batch 2")),
        Row(
            "the same, bare loops",
            timings.ms(bare),
            timings.ratio(bare, "bare 2"),
            "what the machine gives",
        ),
        *(
            Row(f"not the model, {clock}", None, Spread(part, part, part), "share of the batch")
            for clock, part in (
                ("wall time", cost.share.wall),
                ("processor time", cost.share.processor),
            )
        ),
    ]
