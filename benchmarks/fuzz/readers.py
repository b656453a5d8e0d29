"""The readers of Panj, each with valid input to corrupt, and a folder to do it in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Final

import sim
from benchmarks.fuzz.spoil import spoilt

ROOT: Final = Path(__file__).resolve().parents[2]
SEEDS: Final = ROOT / "seeds"

type Feed = Callable[[Random], object]
"""Corrupt an input, and read it."""

type Make = Callable[[Path], Feed]
"""Makes a reader in a folder of its own."""

type Reader = Callable[[Path], object]


def _text(path: Path, sound: str, random: Random, encoding: str = "utf-8") -> Path:
    path.write_bytes(spoilt(sound, random).encode(encoding, "surrogatepass"))
    return path


def one_file(name: str, sound: Callable[[], Sequence[str]], read: Reader) -> Make:
    """A file with this name, corrupted from one of several valid texts."""

    def make(folder: Path) -> Feed:
        texts = sound()
        return lambda random: read(_text(folder / name, random.choice(texts), random))

    return make


def _shipped(name: str) -> Callable[[], Sequence[str]]:
    return lambda: [(SEEDS / name).read_text("utf-8")]


def _called(where: str) -> Reader:
    """A function of a module, which is imported on demand."""
    module, _, name = where.partition(":")
    return lambda path: getattr(import_module(module), name)(path)


def setting(folder: Path) -> Feed:
    """``--set KEY=VALUE``."""
    sound = ("patrols.size=6", "teams.per_district=2", "alert.policy=triggered", "start=2025-03-01",
             "alert.season_months=[9,10]", "cells.district_weights.panj=2.5",
             "ground=tajik_afghan")  # fmt: skip
    return lambda random: sim.load("baseline", [spoilt(random.choice(sound), random)])


def ground(folder: Path) -> Feed:
    """A user-defined frontier."""
    from sim.frontier.ground import Ground

    home = ROOT / "sim" / "frontier" / "data" / "tajik_afghan"
    sound = {path.name: path.read_text("utf-8") for path in home.iterdir()}

    def feed(random: Random) -> object:
        for name, text in sound.items():
            (folder / name).write_text(text, encoding="utf-8")
        name = random.choice(sorted(sound))
        _text(folder / name, sound[name], random)
        return Ground.load(folder)

    return feed


def imported(folder: Path) -> Feed:
    """A table as users have it, in any encoding."""
    from sim.incidents.external.importing import import_table

    sound = [(SEEDS / name).read_text("utf-8") for name in ("incidents.csv", "aggregates.csv")]
    sound += [text.replace(",", ";") for text in sound]

    def feed(random: Random) -> object:
        code = random.choice(("utf-8", "utf-8-sig", "utf-16", "latin-1"))
        path = folder / "table.csv"
        path.write_bytes(spoilt(random.choice(sound), random).encode(code, "replace"))
        return import_table(path)

    return feed


def evidence(folder: Path) -> Feed:
    """Targets and years of a calibration."""
    from sim.calibrate.evidence import read_evidence

    sound = {name: (SEEDS / name).read_text("utf-8") for name in ("targets.toml", "years.toml")}

    def feed(random: Random) -> object:
        name = random.choice(sorted(sound))
        for other in sound:
            (folder / other).unlink(missing_ok=True)
        _text(folder / name, sound[name], random)
        return read_evidence(folder)

    return feed


def posterior(folder: Path) -> Feed:
    """The folder of a posterior."""
    from sim.runs.posterior import Posterior

    shutil.copytree(SEEDS / "posterior", folder, dirs_exist_ok=True)
    sound = (SEEDS / "posterior" / "posterior.json").read_text("utf-8")
    draws = (SEEDS / "posterior" / "draws.parquet").read_bytes()

    def feed(random: Random) -> object:
        if random.random() < 0.7:
            (folder / "draws.parquet").write_bytes(draws)
            _text(folder / "posterior.json", sound, random)
        else:
            (folder / "posterior.json").write_text(sound, encoding="utf-8")
            (folder / "draws.parquet").write_bytes(flipped(draws, random))
        return Posterior.read(folder)

    return feed


def everything(store: Path) -> list[object]:
    """Everything that can be read of a store."""
    opened = sim.Store.open(store)
    tables: list[object] = [opened.table(name) for name in opened.tables]
    return [*tables, opened.parameters(), opened.posterior, opened.manifest, opened.parts]


def store(folder: Path) -> Feed:
    """A store with a corrupted file: it is refused, or reads as before."""
    whole = small_store(folder / "whole").path
    right = everything(whole)
    names = [path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file()]

    def feed(random: Random) -> object:
        place = folder / "store"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(whole, place)
        name = random.choice(names)
        (place / name).write_bytes(flipped((place / name).read_bytes(), random))
        if everything(place) != right:
            raise AssertionError(f"{name} is read as another table")
        return place

    return feed


def sql(folder: Path) -> Feed:
    """An SQL statement over a store."""
    from sim.runs.sql import query

    held = small_store(folder / "whole")
    sound = (
        "SELECT scenario, avg(victims) FROM outcomes GROUP BY ALL",
        "SELECT * FROM districts WHERE replicate < 2 ORDER BY ALL LIMIT 5",
        "WITH a AS (SELECT draw, value FROM parameters) SELECT count(*) FROM a",
        "COPY (SELECT 1) TO 'out.csv'", "ATTACH 'x.db'", "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs", "PRAGMA database_list", "SELECT * FROM '../../README.md'",
    )  # fmt: skip
    return lambda random: query(held, spoilt(random.choice(sound), random), patience=2.0)


def messages(folder: Path) -> Feed:
    """Messages of a browser to the view."""
    from sim.viewer.session import InitialView, Session

    return _told(Session(InitialView("baseline", None, 1)).answer, (
        {"do": "open", "scenario": "baseline", "against": "triggered", "seed": "3"},
        {"do": "open", "scenario": "rotation", "seed": 5, "levers": {"alert.level": "routine"}},
        {"do": "more", "until": 0.5}, {"do": "odds", "years": 0},
        {"do": "lever", "key": "patrols.sorties_per_day", "value": 3, "at": 0.2, "side": "a"},
    ))  # fmt: skip


def orders(folder: Path) -> Feed:
    """Messages of a browser to the lab, whose batches are not really started here."""
    from unittest.mock import patch

    from sim.lab import controller
    from sim.lab.choices import load_choices
    from sim.lab.run_speed import RunSpeed

    held = small_store(folder / "whole").path
    lab = controller.Controller(controller.LabOptions(held, jobs=1), load_choices(()), RunSpeed())
    feed = _told(lab.answer, (
        {"do": "plan", "scenarios": ["baseline", "triggered"], "replicates": 100},
        {"do": "start", "scenarios": ["rotation"], "replicates": 4, "retry": True},
        {"do": "stop"},
    ))  # fmt: skip

    def begun(random: Random) -> object:
        with patch.object(controller, "BatchProcess", _Named):
            return feed(random), lab.state()

    return begun


class _Named:
    """A batch that runs nothing: it must be named in words that a command has."""

    pid, running, stopping = 1, False, False

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = " ".join(arguments)
        if arguments[0] != "batch" or not all(isinstance(one, str) for one in arguments):
            raise AssertionError(self.command)

    def stop(self) -> None:
        """It is not running."""

    def ended(self) -> object:
        """As a batch that has run everything."""
        from sim.lab.batch_process import BatchEnd

        return BatchEnd("done", "")


def wishes(folder: Path) -> Feed:
    """Addresses of comparisons in the lab."""
    from sim.lab.findings import ComparisonQuery, Findings

    found = Findings(small_store(folder / "whole").path)

    def feed(random: Random) -> object:
        baseline, harm, name = (
            spoilt(word, random) if random.random() < 0.5 else word
            for word in ("baseline", "victims", "contrasts")
        )
        return found.table(name, ComparisonQuery(baseline, harm or None, None), "now")

    return feed


def _told(answer: Callable[[str], object], sound: Sequence[dict[str, object]]) -> Feed:
    """Messages to a tab that answers each."""
    return lambda random: answer(spoilt(json.dumps(random.choice(sound)), random))


def small_store(folder: Path) -> sim.Store:
    """A store of two scenarios with three short runs, in all kinds of files."""
    specs = [sim.load(name, ["days=2"]) for name in ("baseline", "triggered")]
    return sim.run_batch(specs, 3, folder, executor="serial", posterior="shipped", draws=2)


def flipped(content: bytes, random: Random) -> bytes:
    """Some bytes changed, the end cut off, or everything removed."""
    if random.random() < 0.2:
        return content[: random.randrange(len(content) + 1)]
    spoiled = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8))):
        if spoiled:
            spoiled[random.randrange(len(spoiled))] ^= 1 << random.randrange(8)
    return bytes(spoiled)


READERS: Final[dict[str, tuple[Make, float]]] = {
    "scenario": (one_file("s.toml", lambda: [
        path.read_text("utf-8") for path in sorted((ROOT / "scenarios").glob("*.toml"))
    ], sim.load), 20),
    "setting": (setting, 20),
    "design": (one_file("d.csv", lambda: [
        "name,scenario,patrols.size,alert.policy\na,baseline,4,triggered\nb,,6,\n"
    ], _called("sim.scenario.design:read_design")), 8),
    "ground": (ground, 4),
    "incidents": (one_file("incidents.csv", _shipped("incidents.csv"),
                           _called("sim.incidents.seeds:read_incidents")), 8),
    "aggregates": (one_file("aggregates.csv", _shipped("aggregates.csv"),
                            _called("sim.incidents.seeds:read_aggregates")), 8),
    "import": (imported, 6),
    "evidence": (evidence, 4),
    "priors": (one_file("priors.toml", _shipped("priors.toml"),
                        lambda path: _called("sim.calibrate.priors:read_priors")(path.parent)), 8),
    "posterior": (posterior, 4),
    "structure": (one_file("structure.toml", _shipped("structure.toml"),
                           _called("sim.runs.structure:variants")), 4),
    "budget": (one_file("budget.toml", _shipped("budget.toml"),
                        _called("sim.explore.optimise.budget:read_budget")), 6),
    "store": (store, 2), "sql": (sql, 2), "messages": (messages, 4), "orders": (orders, 4),
    "wishes": (wishes, 1),
}  # fmt: skip
"""Each reader with its share of the inputs."""
