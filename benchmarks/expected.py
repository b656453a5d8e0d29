"""What expected harm saves besides pairing: replicates until a difference in victims is settled."""

from collections.abc import Sequence
from math import exp, log
from statistics import fmean
from tempfile import TemporaryDirectory

import numpy as np

import sim
from benchmarks.pairing import POLICIES
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread
from sim.comparison.comparison import Comparison, compare
from sim.comparison.samples import Sample
from sim.scenario.load import load

HARM = "victims"


def section(setting: Setting) -> Section:
    """Pairs of each policy and the baseline, at draws of the shipped posterior."""
    replicates = 10 if setting.quick else 60
    days = {"days": setting.scenario.days}
    scenarios = [load(name, days) for name in ("baseline", *POLICIES)]
    with TemporaryDirectory(prefix="panj-") as folder:
        store = sim.run_batch(scenarios, replicates, folder, executor="serial")
        found = compare(store, outcomes=[HARM])
        return Section("Replicates, over expected victims", rows(found), NOTES)


def rows(found: Comparison) -> list[Row]:
    """How many times the replicates counted victims need, by policy and as a geometric mean."""
    known = [(c.scenario, c.gain, c.n) for c in found.of(HARM) if c.gain is not None]
    if not known:
        return []
    gains = [gain for _, gain, _ in known]
    spread = Spread(exp(fmean(map(log, gains))), min(gains), max(gains))
    z = distance(list(found.samples.values()))
    note = f"geometric mean; the two means differ by {z:+.1f} standard errors"
    return [
        *(
            Row(f"counted victims, {name}", None, Spread.of([gain]), f"{n} pairs")
            for name, gain, n in known
        ),
        Row("counted victims", None, spread, note),
    ]


def distance(samples: Sequence[Sample]) -> float:
    """Standard errors between counted and expected victims, replicate by replicate.

    Scenarios of one replicate share most of their luck: their gaps are averaged first.
    """
    gaps = np.mean([each.of(HARM) - each.mean_of(HARM) for each in samples], axis=0)
    return float(gaps.mean() / (gaps.std(ddof=1) / len(gaps) ** 0.5))


NOTES = (
    "Expected victims: how many times as many replicates counts need for the same interval of the "
    "mean difference, on top of what pairing saves.",
)
