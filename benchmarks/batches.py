"""``python -m benchmarks.batches``: what a batch and its store cost."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

import sim
from benchmarks.batch_speed import around, two_against_one
from benchmarks.figures import between, show, write
from benchmarks.many_rows import make_store
from benchmarks.peak import alone
from benchmarks.timing import Spread
from sim.scenario.spec import Scenario

COLUMNS = ("what", "figure", "least to most", "wanted", "")


@dataclass(frozen=True)
class Sizes:
    """How much of everything is done."""

    runs: int
    pair: int
    rounds: int
    rows: int
    few: int
    many: int
    tiny_days: float


class Figure(NamedTuple):
    """One line of the table. ``wanted`` is what the figure is held against."""

    what: str
    figure: Spread
    unit: str = ""
    digits: int = 2
    wanted: str = ""
    note: str = ""

    def cells(self) -> list[str]:
        """The line as text."""
        figure = f"{self.figure.median:,.{self.digits}f}{self.unit and ' ' + self.unit}"
        return [self.what, figure, between(self.figure, self.digits), self.wanted, self.note]

    def data(self) -> dict[str, object]:
        """The line for machines."""
        return {**self._asdict(), "figure": list(self.figure)}


def _once(value: float) -> Spread:
    return Spread(value, value, value)


def speed(scenario: Scenario, sizes: Sizes, folder: Path) -> list[Figure]:
    """Two processes against one, and what stands around the model."""
    timings = two_against_one(scenario, sizes.pair, sizes.rounds, folder / "pairs")
    given, gained = timings.ratio("bare 1", "bare 2"), timings.ratio("batch 1", "batch 2")
    quickest = {name: timings.ms(name).low for name in timings.of}
    best_given, best = (quickest[f"{k} 1"] / quickest[f"{k} 2"] for k in ("bare", "batch"))
    cost = around(scenario, sizes.runs, folder / "around")
    seconds = f"{sizes.runs:,} runs, {cost.batch.wall:.1f} s"
    return [
        Figure("two processes for one, a batch", gained, wanted=">= 1.9",
               note=f"{sizes.pair:,} runs, {timings.ms('batch 2').median / 1000.0:.1f} s"),
        Figure("two processes for one, bare loops", given, note="what the machine gives"),
        Figure("the same, quickest batches", _once(best), wanted=">= 1.9",
               note=f"least disturbed of {sizes.rounds} rounds"),
        Figure("the same, quickest bare loops", _once(best_given)),
        Figure("around the model, wall time", _once(100.0 * cost.share.wall), "%",
               wanted="<= 5 %", note=seconds),
        Figure("around the model, processor time", _once(100.0 * cost.share.processor), "%"),
    ]  # fmt: skip


def reading(sizes: Sizes, folder: Path) -> list[Figure]:
    """Reading a large store and comparing its ten scenarios."""
    took = alone("compare", str(make_store(folder / "large", sizes.rows)))
    rows = f"{took['rows']:,.0f} rows"
    return [
        Figure("read all outcomes", _once(took["read_seconds"]), "s", note=rows),
        Figure("read and compare ten scenarios", _once(took["compare_seconds"]), "s",
               wanted="a few s", note="every outcome, cost, ranking"),
        Figure("peak memory, reading", _once(took["read_mib"]), "MiB", 0,
               note=f"{took['imported_mib']:,.0f} MiB before"),
        Figure("peak memory, comparing", _once(took["compare_mib"]), "MiB", 0),
    ]  # fmt: skip


def flatness(sizes: Sizes, folder: Path) -> list[Figure]:
    """Peak memory of serial batches of few, many and twice as many tiny runs."""
    rows, peaks = [], []
    for runs in (sizes.few, sizes.many, 2 * sizes.many):
        took = alone("batch", str(folder / f"tiny {runs}"), str(runs), str(sizes.tiny_days))
        peaks.append(took["peak_mib"])
        note = f"{took['seconds']:.1f} s, runs of {sizes.tiny_days:g} days"
        what = f"peak memory, batch of {runs:,}"
        rows.append(Figure(what, _once(took["peak_mib"]), "MiB", 0, note=note))
    few, many, twice = peaks
    return [
        *rows,
        Figure(f"{sizes.many:,} over {sizes.few:,}", _once(many / few), wanted="about 1"),
        Figure(f"{2 * sizes.many:,} over {sizes.many:,}", _once(twice / many), wanted="1"),
    ]


NOTES = (
    "Wall time unless said. Processes for one: in turn, pools started before; the bare loops "
    "only run the model. Around the model: one process, each chunk of the batch followed by the "
    "same runs bare; importing is not counted.",
    "Memory is that of a process of its own; a batch holds one part, 2,500 runs, at most. The "
    "large store holds invented numbers, in parts as a batch leaves them.",
)


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(["speed", "reading", "memory"]))
@click.option("--runs", default=1000, show_default=True, type=click.IntRange(min=1),
              help="Runs of the batch whose surroundings are measured.")  # fmt: skip
@click.option("--pair", default=200, show_default=True, type=click.IntRange(min=1),
              help="Runs of each batch of two processes against one.")  # fmt: skip
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(min=10),
              help="Rows of the large store.")  # fmt: skip
@click.option("--few", default=1000, show_default=True, type=click.IntRange(min=1))
@click.option("--many", default=10_000, show_default=True, type=click.IntRange(min=1))
@click.option("--days", type=float, help="Horizon of the baseline, days (the scenario's).")
@click.option("--tiny-days", default=1.0, show_default=True, help="Horizon of the tiny runs, days.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(parts: tuple[str, ...], days: float | None, path: Path | None, **given: float) -> None:
    """Measure what a batch and its store cost, or some parts of it, and print it."""
    sizes = Sizes(**given)  # type: ignore[arg-type]
    scenario = sim.load("baseline", {"days": days} if days else None)
    rows: list[Figure] = []
    with TemporaryDirectory(prefix="panj-") as made:
        folder = Path(made)
        if not parts or "speed" in parts:
            rows += speed(scenario, sizes, folder)
        if not parts or "reading" in parts:
            rows += reading(sizes, folder)
        if not parts or "memory" in parts:
            rows += flatness(sizes, folder)
    title = f"Batches of the baseline, {scenario.days:g} days"
    show(title, COLUMNS, [row.cells() for row in rows], NOTES)
    write(path, {"days": scenario.days, "sizes": given, "rows": [row.data() for row in rows]})


if __name__ == "__main__":
    main()
