"""``panj compare``: its sentences, tables and error messages."""

import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main as command_line
from sim.cli.compare import compare
from sim.comparison.comparison import TABLES
from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.replicate import Run
from sim.runs.request import Request
from sim.runs.workers import start_workers
from sim.scenario.load import load

WIDTH = 100
LAND = Ground.default()


@pytest.fixture
def panj(capsys, monkeypatch):
    """Return a function that runs the command and returns status, stdout and stderr."""
    monkeypatch.setitem(command_line.panj.commands, "compare", compare)

    def run(*arguments):
        status = command_line.main(["compare", *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def table(pairs: int = 60) -> pa.Table:
    """Three scenarios: a strict one spares victims and costs more, an idle one changes nothing."""
    rng = np.random.default_rng(1)
    victims = rng.poisson(6.0, pairs)
    hours = rng.normal(5e6, 1e4, pairs)
    rows = []
    for name, spared, effort in (
        ("baseline", 0, 1.0),
        ("strict_and_long_named_policy", rng.binomial(victims, 0.4), 4.1),
        ("idle", 0, 1.0),
    ):
        harm = victims - spared
        rows += [
            {
                "scenario": name,
                "replicate": r,
                "victims": int(harm[r]),
                "workers_chinese_killed": int(harm[r] // 3),
                "mean_readiness": 0.8 + 0.01 * rng.random() * (name != "idle"),
                "guard_hours": effort * float(hours[r]),
                "cost_usd": 3.0 * effort * float(hours[r]),
                "infiltration_then_post_attack_reported": int(rng.poisson(2.0)),
            }
            for r in range(pairs)
        ]
    return pa.Table.from_pylist(rows)


@pytest.fixture
def store(tmp_path):
    """A Parquet file in the shape of a store's outcomes."""
    path = tmp_path / "outcomes.parquet"
    pq.write_table(table(), path)
    return path


def test_what_is_known_and_the_matrix_come_first(panj, store):
    """Sentences on all policies come first, then a row for each, the legend, and a hint."""
    status, out, err = panj(store)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Verdict"
    said = " ".join(" ".join(lines[1:4]).split())
    assert "only strict_and_long_named_policy is known to do better than baseline on" in said
    assert " a run (90 % CI" in said
    assert "at 4.1 times the cost." in said
    heading = lines.index("2 policies against baseline, 60 pairs")
    assert re.match(r"  baseline +2–3 .*M$", lines[heading + 2])
    best, idle = lines[heading + 3 :][:2]
    assert re.match(r"  strict_and_long_named_policy +1 .*[345]\d % better .*310 % worse$", best)
    assert re.match(r"  idle +2–3 .* 0 % equal$", idle)
    assert "--full adds" in out
    assert len(lines) < 16
    assert "Ranking" not in out


def test_full_adds_what_is_behind_it(panj, store):
    """With --full a verdict and a table for each policy, then cost, then the ranking."""
    short, out = panj(store)[1], panj(store, "--full")[1]
    assert out.startswith(short.partition("\n\n  --full")[0])
    said = " ".join(out.split())
    assert "strict_and_long_named_policy is better than baseline on victims: " in said
    assert "4.1 times the guard-hours" in said
    places = [out.index(part) for part in (
        "Verdict on each", "_policy against baseline, 60 pairs", "Cost of averting victims",
        "Ranking by victims",
    )]  # fmt: skip
    assert places == sorted(places)


def test_one_policy_is_told_in_full(panj, store):
    """A single policy gets its verdict, its table, and the rest."""
    out = panj(store, "--scenarios", "strict_and_long_named_policy")[1]
    assert "better than baseline on victims" in " ".join(out.split())
    assert "--full" not in out
    assert "Ranking by victims" in out


def test_tables_fit_the_page(panj, store):
    """No line is wider than 100 columns, with every outcome or without."""
    for arguments in ((), ("--full",), ("--all",)):
        out = panj(store, *arguments)[1]
        assert max(map(len, out.splitlines())) <= WIDTH


def test_all_shows_what_is_no_headline(panj, store):
    """By default the headlines; with --all the rest."""
    assert "raids on posts" not in panj(store)[1]
    assert "raids on posts" in panj(store, "--all")[1]


def test_chosen_outcomes_and_scenarios(panj, store):
    """Only the chosen ones are shown, with the harm and the cost for the verdict."""
    out = panj(store, "--outcomes", "victims,mean_readiness", "--scenarios", "idle")[1]
    assert "strict" not in out
    assert "Chinese" not in out
    assert "readiness, %" in out


def test_a_folder_of_parts_is_read(panj, tmp_path):
    """Several Parquet files are one table."""
    rows = table()
    (tmp_path / "parts").mkdir()
    pq.write_table(rows.slice(0, 100), tmp_path / "parts" / "0.parquet")
    pq.write_table(rows.slice(100), tmp_path / "parts" / "1.parquet")
    assert panj(tmp_path / "parts")[0] == 0


def test_json_for_machines(panj, store):
    """``--json`` prints one object with sentences and tables, without NaN, and nothing else."""
    status, out, err = panj(store, "--json", "--all")
    assert (status, err) == (0, "")
    found = json.loads(out, parse_constant=pytest.fail)
    words = {"baseline", "confidence", "verdicts", "notes", "robustness", "structural", "safe"}
    assert set(found) == {*words, "headline", "matrix", *TABLES}
    assert [row["scenario"] for row in found["matrix"]["rows"]] == [
        "strict_and_long_named_policy", "idle"
    ]  # fmt: skip
    assert found["matrix"]["rows"][0]["cells"][0]["mark"] == "better"
    assert len(found["verdicts"]) == 2
    harm = next(r for r in found["contrasts"] if r["outcome"] == "victims")
    assert harm["low"] < harm["difference"] < harm["high"] < 0
    assert found["ranking"][0]["scenario"] == "strict_and_long_named_policy"


def test_confidence_and_rope_are_heeded(panj, store):
    """The sentence gives the confidence level; a wide rope makes differences the same."""
    told = panj(store, "--confidence", "0.95", "--rope", "victims:50", "--full")[1]
    assert "95 % CI" in told
    assert "practically the same as baseline on victims" in " ".join(told.split())


def test_nothing_measured_is_said_not_computed(panj, store):
    """For a scenario without any difference the output says so."""
    out = panj(store, "--scenarios", "idle", "--outcomes", "victims,guard_hours,cost_usd")[1]
    assert "No difference between idle and baseline can be measured" in " ".join(out.split())
    assert not re.search(r"\b(nan|None|inf)\b", out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--baseline", "basline"], "Did you mean baseline?"),
        (["--scenarios", "idel"], "Did you mean idle?"),
        (["--outcomes", "victimz"], "Did you mean victims?"),
        (["--rope", "victims"], "victims:0.1"),
        (["--rope", "victims:-1"], "victims:0.1"),
        (["--confidence", "90"], "between 0.5 and 1"),
        (["--response", "narnia"], "no such district"),
        (["--harm", "joy"], "no such outcome"),
        (["--above", "victims"], "victims:0.1"),
        (["--above", "victimz:3"], "Did you mean victims?"),
    ],
)
def test_mistakes_are_explained(panj, store, arguments, words):
    """A mistake gives status 2 and the remedy, no traceback, and nothing on stdout."""
    status, out, err = panj(store, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert words in err
    assert "Traceback" not in err


def test_what_is_no_store_is_refused(panj, tmp_path):
    """A missing path, a text file, an empty folder and another table are refused."""
    text = tmp_path / "notes.txt"
    text.write_text("no table")
    (tmp_path / "empty").mkdir()
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"x": [1]}), other)
    for path, words in (
        (tmp_path / "nowhere", "there is no such store"),
        (text, "a TXT file is neither a store nor a Parquet file. Give the folder"),
        (tmp_path / "empty", "it is empty"),
        (other, "has no column scenario"),
    ):
        status, out, err = panj(path)
        assert (status, out) == (2, "")
        assert words in err


@pytest.mark.parametrize("pairs", [1, 40])
def test_one_scenario_shows_how_it_varies(panj, tmp_path, pairs):
    """A single scenario gives mean, quantiles and probabilities; one run gives a note."""
    pq.write_table(table(pairs).slice(0, pairs), tmp_path / "one.parquet")
    status, out, err = panj(tmp_path / "one.parquet", "--above", "victims:4")
    assert (status, err) == (0, "")
    assert out.startswith("What to expect\n  baseline: victims")
    assert "95 %" in out
    assert "probably best" not in out
    assert ("Probability that a run exceeds a value" in out) == (pairs > 1)
    assert ("is unknown" in out) == (pairs == 1)
    assert max(map(len, out.splitlines())) <= WIDTH
    found = json.loads(panj(tmp_path / "one.parquet", "--json")[1], parse_constant=pytest.fail)
    assert found["distributions"][0]["n"] == pairs


def test_help_has_examples(panj):
    """The help has examples and names the page that explains the figures."""
    status, out, _ = panj("--help")
    assert status == 0
    assert "docs/comparison.md" in out
    assert "panj compare results/policies --rope victims:0.5" in out


# -- structural variants ------------------------------------------------------------------


def in_variants(tmp_path):
    """Return the same runs, and again in a variant in which no policy helps."""
    usual = table()
    there = [
        {**row, "scenario": f"{row['scenario']}@no_fear", "victims": base["victims"]}
        for rows in [usual.to_pylist()]
        for row, base in zip(rows, rows[:60] * 3, strict=True)
    ]
    path = tmp_path / "varied.parquet"
    pq.write_table(pa.concat_tables([usual, pa.Table.from_pylist(there, usual.schema)]), path)
    return path


def test_the_verdict_in_each_variant(panj, tmp_path):
    """Each policy gets a sentence and a table; the settings of the variants follow."""
    status, out, err = panj(in_variants(tmp_path), "--structure")
    assert (status, err) == (0, "")
    assert out.startswith("Verdict in variants of the model")
    said = " ".join(out.split())
    assert "depends on no fear: better as calibrated; no different under no fear." in said
    assert "idle is no different from baseline on victims in all 2 variants of the model." in said
    assert re.search(r"as calibrated +\d.*better\n  no fear +\d.*no difference", out)
    assert "Ranking" not in out
    assert max(map(len, out.splitlines())) <= WIDTH


def test_variants_in_json_and_without_a_word(panj, tmp_path):
    """The JSON has the same rows; without the flag the calibrated model is shown, with a note."""
    path = in_variants(tmp_path)
    found = json.loads(panj(path, "--structure", "--json")[1])
    assert [row["variant"] for row in found["structure"]] == ["calibrated", "no_fear"] * 2
    assert len(found["structural"]) == 2
    out = panj(path)[1]
    assert "no_fear" not in out
    assert "1 structural variant" in out
    plain = json.loads(panj(path, "--json")[1])
    assert (plain["structure"], plain["structural"]) == ([], [])


def test_a_store_without_variants_says_how_to_get_them(panj, store):
    """It gives one message with the remedy, and status 2."""
    status, out, err = panj(store, "--structure")
    assert (status, out) == (2, "")
    assert "no structural variants" in err
    assert "panj batch -o STORE --structure" in err


# -- regret -------------------------------------------------------------------------------


def quick(scenario, seed, keep):
    """Simulate a run whose outcomes depend only on seed and scenario."""
    rng = np.random.default_rng([seed % 2**32, len(scenario.name)])
    return Run(0, seed, {field.name: int(rng.poisson(9.0)) for field in outcomes_on(LAND)})


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Make a store of two policies with draws of two parameters, two quick runs each."""
    posterior = Posterior(
        (
            UncertainParameter("sight", ("patrols.p_sight",)),
            UncertainParameter("found", ("sign.p_found",)),
        ),
        tuple((0.1 + 0.02 * k, 0.1 + 0.01 * (k * 3 % 8)) for k in range(8)),
        "made up",
    )
    folder = tmp_path_factory.mktemp("drawn") / "store"
    request = Request([load("baseline"), load("triggered")], 16, posterior=posterior)
    with start_workers("serial") as workers:
        fill_store(folder, request, workers, BatchOptions(simulate=quick))
    return folder


def test_which_choice_is_safe(panj, drawn):
    """Sentences and two tables replace the usual output, within the page width."""
    status, out, err = panj(drawn, "--regret")
    assert (status, err) == (0, "")
    assert out.startswith("Which choice is safe")
    said = " ".join(out.split())
    assert "stays closest to the best: on average over 8 draws of the parameters" in said
    assert "Regret: behind the best of the draw, " in said
    assert "How often each is the best, and the worst of 16 years" in said
    assert "Ranking" not in out
    assert max(map(len, out.splitlines())) <= WIDTH


def test_regret_in_json_and_without_a_word(panj, drawn):
    """The JSON has a row per scenario and the sentences, only with the flag."""
    found = json.loads(panj(drawn, "--regret", "--json")[1])
    assert {row["scenario"] for row in found["regret"]} == {"baseline", "triggered"}
    assert len(found["safe"]) >= 3
    plain = json.loads(panj(drawn, "--json")[1])
    assert (plain["regret"], plain["safe"]) == ([], [])


def test_a_store_without_draws_has_no_regret(panj, store):
    """It gives one message with the remedy, and status 2."""
    status, out, err = panj(store, "--regret")
    assert (status, out) == (2, "")
    assert "no draws of uncertain parameters" in err
    assert "--posterior shipped" in err
