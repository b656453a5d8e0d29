"""The calibration's own engine on a table of years: an emulator as likelihood, and its sampler.

Cells only, of one regime at the scenario's level: what the rivals are given too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import sim
from benchmarks.learning.compose import SPREADS
from benchmarks.learning.sample import Dataset, Infer, Sample
from benchmarks.learning.scale import normal_scores
from benchmarks.learning.setting import Setting
from sim.calibrate.aims import Floats
from sim.calibrate.emulator import Emulator, Heard, Regressions, emulate
from sim.calibrate.evidence import Evidence, Given, Link, chained, values_of
from sim.calibrate.learn import Sampling, Target, learn
from sim.calibrate.simulator import Simulator
from sim.calibrate.states import Unknowns
from sim.calibrate.training import OF_YEARS, Scaling, Training
from sim.calibrate.vocabulary import Regime
from sim.incidents.windows import read_window

_SAMPLING = Sampling(60, 150, 60)


def emulated(setting: Setting) -> Infer:
    """The engine with an emulator of the setting's bank."""
    layout, priors = setting.layout, tuple(setting.priors)
    period = read_window(f"{layout.years[0]}..{layout.years[-1]}")
    regime = Regime.model_construct(name="all", period=period, reports="", about="",
                                    flow_level=0.0, plans_level=0.0, unfitted=None)  # fmt: skip
    evidence = Evidence(chained(layout.cells), (), (), (regime,))
    unknowns = Unknowns(Simulator(sim.load("baseline"), priors, ()), evidence.years, (regime,))
    emulator = emulate(Regressions(_training(setting)), evidence)

    def infer(data: Dataset) -> Sample:
        target = Target(unknowns, retold(emulator, data))
        found = learn(target, setting.draws, 0, _SAMPLING)
        return Sample(found.values)

    return infer


def retold(emulator: Emulator, data: Dataset) -> Emulator:
    """The same regressions in the same order, hearing other figures of the same cells.

    A bound may be told as a single number, such as none where it was one or more: it stays a bound.
    """
    told = {(cell.statistic.name, cell.spans): cell for cell in data.cells}
    heard, before = [], []
    for one in emulator.heard:
        there = one.link.cell
        cell = told[there.statistic.name, there.spans]
        given = tuple(
            Given(known.statistic, values_of(known.statistic, cell.spans, before))
            for known in one.link.given
        )
        shifts = tuple(
            emulator.figures[where].shift({g.statistic: g.values[year] for g in given})
            for year, where in enumerate(one.places)
        )
        heard.append(Heard(Link(cell, given), one.places, shifts))
        if len(there.spans) == 1 and all(alternative.exact for alternative in there.told):
            before.append(cell)
    return replace(emulator, heard=tuple(heard))


def _training(setting: Setting) -> Training:
    """The years of the bank as the emulator wants them."""
    bank, priors = setting.bank, setting.priors
    keys = [prior.key for prior in priors]
    logs = np.stack([_log_rate(setting, rate) for rate in SPREADS], axis=1)
    scaling = Scaling(*(tuple(map(float, f(logs, axis=0))) for f in (np.mean, np.std,
                                                                   np.min, np.max)))  # fmt: skip
    names = tuple(key for key in keys if key not in {*SPREADS, *OF_YEARS})
    normal = normal_scores(bank.values, priors)[:, [keys.index(name) for name in names]]
    figures = {
        (one.name, months): bank.figures[:, place]
        for place, (one, months) in enumerate(setting.layout.parts)
    }
    return Training(names, np.hstack([scaling.inputs(logs), normal]), scaling, figures, {}, {})


def _log_rate(setting: Setting, rate: str) -> Floats:
    """The logarithm of a rate in each year of the bank."""
    keys = [prior.key for prior in setting.priors]
    spread, which = SPREADS[rate]
    s = setting.bank.values[:, keys.index(spread)]
    found: Floats = np.log(setting.bank.values[:, keys.index(rate)])
    return found + s * setting.bank.states[:, which] - 0.5 * s * s
