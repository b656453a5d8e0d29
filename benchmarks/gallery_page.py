"""``python -m benchmarks.gallery_page docs/gallery.md``: every kind of picture, and its command.

It draws a small batch, a run and a calibration that it makes in a few minutes, or the given ones.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import click

import sim
from benchmarks.film import few_colours
from sim.calibrate.record import CalibrationRecord, read_record
from sim.report.gallery import ComparisonSource, Source, comparison_source, draw
from sim.report.one_run import OneRun
from sim.report.style import save

SCENARIOS: Final = (
    *("baseline", "triggered", "surveillance", "joint_control"),
    *("hot_spot_surge", "tips_programme", "harden_worksites"),
)
VARIED: Final = SCENARIOS[:3]
VARIANTS: Final = "deterrence,quiet,violent"
"""The scenarios that also run in structural variants, and the variants."""

SEED: Final = 6
REPLICATES: Final = 30


class Entry(NamedTuple):
    """A picture of the page: its kind, its source, what it shows, and further options."""

    kind: str
    of: type[ComparisonSource | OneRun | CalibrationRecord]
    shows: str
    options: str = ""

    @property
    def name(self) -> str:
        """The name of its file without the ending."""
        return f"{self.kind}_of_a_run" if self.of is OneRun else self.kind

    @property
    def command(self) -> str:
        """The command that makes it."""
        folder = {ComparisonSource: "policies", OneRun: "one-run", CalibrationRecord: "fit"}[
            self.of
        ]
        file = "" if self.name == self.kind else f" -o {self.name}.svg"
        return f"panj plot results/{folder} --kind {self.kind}{self.options}{file}"


ENTRIES: Final = (
    Entry("outcome", ComparisonSource, "What each policy changes, beside how the outcome varies "
          "under it."),
    Entry("ridgeline", ComparisonSource, "How often each value of an outcome occurs in each "
          "scenario."),
    Entry("forest", ComparisonSource, "The mean difference to the baseline, its interval, and "
          "how much single years differ.", " --outcome cost_usd"),
    Entry("cost", ComparisonSource, "What averting harm costs, and which options no other beats."),
    Entry("displacement", ComparisonSource, "Where along the line there is less under a policy, "
          "and where more.", " --outcome not_stopped"),
    Entry("convergence", ComparisonSource, "Whether there are enough replicates, and what "
          "pairing is worth."),
    Entry("structure", ComparisonSource, "Whether the verdict on a policy holds with a mechanism "
          "of the model off, or in years of another kind."),
    Entry("regret", ComparisonSource, "How far behind the best each policy may be, and how often "
          "it is the best."),
    Entry("ceiling", ComparisonSource, "How near the patrols come to the most that as many of "
          "them could see."),
    Entry("funnel", ComparisonSource, "Of those who try to cross, the share that becomes known, "
          "by what, and the share that is stopped."),
    Entry("strip", ComparisonSource, "Where and when incidents happen in a mean year."),
    Entry("strip", OneRun, "One year along the line: crossings, incidents and alert levels."),
    Entry("funnel", OneRun, "What became of every crossing of a year, by how it was first known."),
    Entry("anatomy", OneRun, "Why the gravest incident went as it did: who was where, and when "
          "each side learnt of what."),
    Entry("posterior", CalibrationRecord, "What the reports taught about the uncertain "
          "parameters, and which of them are correlated."),
    Entry("predictive", CalibrationRecord, "Calibrated years beside what was reported."),
)  # fmt: skip
"""In the order of the page."""

_PARTS: Final = (
    (
        ComparisonSource,
        "Of a batch",
        "<!-- run: -n {n} => -n 8 -->",
        "    panj batch {scenarios} -n {n} --incidents -o results/policies",
        "    panj batch {varied} -n {n} --structure {variants} -o results/policies",
    ),
    (OneRun, "Of one run", "    panj run baseline --seed {seed} -o results/one-run"),
    (
        CalibrationRecord,
        "Of a calibration",
        '<!-- first: python -c "from pathlib import Path; from benchmarks.gallery_page import '
        "a_calibration; a_calibration(Path('results/fit'), 24)\" -->",
        "<!-- run: results/fit => results/begun --budget 4 -->",
        "    panj calibrate -o results/fit",
    ),
)
"""The source of each part, its title, and its commands, with fewer runs in a test."""


def page() -> str:
    """The text of the page."""
    lines = [
        "# Gallery",
        "",
        "Every kind of picture that `panj plot` draws, from small examples: fewer years than a "
        "finding needs.",
        "[pictures.md](pictures.md) says how each is read. The pictures and this page are made by",
        "",
        "<!-- run: gallery.md => gallery.md -n 8 --bank 24 -->",
        "    python -m benchmarks.gallery_page docs/gallery.md",
    ]
    words = {"scenarios": " ".join(SCENARIOS), "varied": " ".join(VARIED), "variants": VARIANTS}
    for of, title, *made_by in _PARTS:
        made = [line.format(n=REPLICATES, seed=SEED, **words) for line in made_by]
        lines += ["", f"## {title}", "", *made]
        for entry in (entry for entry in ENTRIES if entry.of is of):
            lines += [
                "",
                f"### {entry.kind}",
                "",
                entry.shows,
                "",
                f"    {entry.command}",
                "",
                f"![{entry.shows.rstrip('.')}](img/gallery/{entry.name}.png)",
            ]
    return "\n".join(lines) + "\n"


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--store", type=click.Path(path_type=Path), help="Draw this store of a batch.")
@click.option("--run", type=click.Path(path_type=Path), help="Draw this run.")
@click.option("--calibration", type=click.Path(path_type=Path), help="Draw this calibration.")
@click.option(
    "-n", "replicates", default=REPLICATES, show_default=True, help="Replicates of the batch."
)
@click.option("--bank", default=160, show_default=True, help="Prior draws of the calibration.")
def main(
    target: Path,
    store: Path | None,
    run: Path | None,
    calibration: Path | None,
    replicates: int,
    bank: int,
) -> None:
    """Write the page TARGET, and its pictures into img/gallery beside it."""
    pictures = target.parent / "img" / "gallery"
    pictures.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        work = Path(folder)
        where = {
            ComparisonSource: store or a_store(work / "store", replicates),
            OneRun: run or a_run(work / "run"),
            CalibrationRecord: calibration or a_calibration(work / "fit", bank),
        }
        for entry in ENTRIES:
            source = source_of(entry, where[entry.of])
            path = pictures / f"{entry.name}.png"
            save(draw(entry.kind, source), path)
            few_colours(path)
            click.echo(f"Drawn: {entry.name}", err=True)
    target.write_text(page(), encoding="utf-8")


def a_store(folder: Path, replicates: int) -> Path:
    """A small batch of the shipped scenarios, as ``panj batch`` makes it."""
    from sim.runs.batch import fill_store
    from sim.runs.posterior import SHIPPED, choose_draws
    from sim.runs.request import Request
    from sim.runs.structure import variants
    from sim.runs.workers import start_workers

    scenarios = [sim.load(name) for name in SCENARIOS]
    varied = scenarios[: len(VARIED)]
    with start_workers("serial") as workers:
        drawn = choose_draws(SHIPPED)
        asked = Request(scenarios, replicates, keep={"incidents": True}, posterior=drawn)
        fill_store(folder, asked, workers)
        fill_store(folder, Request(varied, replicates, variants=variants(VARIANTS)), workers)
    return folder


def a_run(folder: Path) -> Path:
    """A year of the baseline."""
    from sim.model import BorderModel
    from sim.runs.one_run import write_run

    write_run(BorderModel(sim.load("baseline"), seed=SEED).run(), folder)
    return folder


def a_calibration(folder: Path, bank: int) -> Path:
    """A bank of prior draws, the posterior, and a few years to check it."""
    from sim.calibrate.bank import fill_bank
    from sim.calibrate.evidence import read_evidence
    from sim.calibrate.inference import Sampling
    from sim.calibrate.pipeline import calibrate
    from sim.calibrate.simulator import simulator
    from sim.runs.workers import start_workers

    model, worlds = simulator(sim.load("baseline")), max(bank // 20, 2)
    with start_workers("serial") as workers:
        store = fill_bank(model, folder, bank, workers).store
        found = calibrate(
            model,
            read_evidence(),
            store,
            workers,
            SEED,
            worlds=worlds,
            sampling=Sampling(50, 50, 50),
        )
    found.write(folder / "posterior", model, "the gallery")
    return folder


def source_of(entry: Entry, folder: Path) -> Source:
    """The source of a picture."""
    if entry.of is OneRun:
        return OneRun.read(folder)
    if entry.of is CalibrationRecord:
        return read_record(folder)
    from sim.runs.store import Store

    outcome = entry.options.rpartition(" ")[2] or "victims"
    return comparison_source(Store.open(folder), outcome=outcome)


if __name__ == "__main__":
    main()
