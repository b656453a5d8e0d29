"""The description of the model says what the registries say: names, numbers, limits, references."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from test_references import CITED, NOT_WORKS, listed

import sim
from sim.incidents.kinds import CUES, ENDINGS
from sim.scenario.level_effects import recovery_per_day
from sim.scenario.parameters import parameters
from sim.theory.readiness import rest_point

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "odd.md").read_text("utf-8")
SUBMODELS = {
    part.partition("\n")[0]: part
    for part in re.split(r"\n### ", PAGE.partition("\n## 7 ")[2].partition("\n## 8 ")[0])[1:]
}
CODES = [code for code in re.findall(r"`([^`\n]+)`", PAGE) if not code.startswith(("panj", "sim/"))]
KEYS = set(parameters())
LEAVES = {part for key in KEYS for part in key.split(".")}
CHOICES = {choice for known in parameters().values() for choice in known.choices}
OF_THE_PAGE = {"let_through", "success_premium", "effect_on_", "seeds", "section.name"}
"""Names of the page's own: symbols of a formula, the beginning of several keys."""
FORMULA = re.compile(r"exp\(|\^|ceil\(| / | [+] |Gamma|d[a-z]/dt")
LEVELS = ("routine", "elevated", "heightened", "emergency")


@pytest.fixture(scope="module")
def model() -> sim.BorderModel:
    """The world of the baseline, before anything happens."""
    return sim.BorderModel("baseline", seed=1)


def test_each_dotted_name_is_a_parameter_or_a_section() -> None:
    """``section.name`` as scenarios write it, or a table of such."""
    whole = {code for code in CODES if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", code)} - OF_THE_PAGE
    assert len(whole) > 40
    for name in whole:
        there = name in KEYS or any(key.startswith(f"{name}.") for key in KEYS)
        assert there or name.startswith(("agent.", "mesa.", "benchmarks.")), name


def test_each_name_of_several_words_is_one_of_a_scenario() -> None:
    """A parameter without its section, a choice, or how a crossing ends."""
    known = LEAVES | CHOICES | set(ENDINGS) | OF_THE_PAGE
    for code in CODES:
        for name in re.findall(r"(?<![\w./])[a-z]+(?:_[a-z]+)+(?![\w./(])", code):
            assert name in known, (name, code)


def test_entities_are_as_many_as_the_table_says(model: sim.BorderModel) -> None:
    """Posts, teams, cells, sites, villages, districts, and the length of the line."""
    told = dict(re.findall(r"^\| ([a-z]+(?: [a-z]+)?)(?: \([^|]*)? \| ([\d,]+) \|", PAGE, re.M))
    kinds = {"post": "BorderPost", "response team": "ResponseTeam", "armed cell": "MilitantCell",
             "worksite": "Worksite", "village": "Village", "command": "Command",
             "host state": "HostState"}  # fmt: skip
    there = Counter(type(agent).__name__ for agent in model.agents)
    assert {told: int(number) for told, number in told.items() if told in kinds} == {
        name: there[kind] for name, kind in kinds.items()
    }
    assert int(told["sector"]) == len(model.sectors) == 13
    assert f"a line of {model.ground.length_km:,.0f} km" in PAGE
    assert len(model.ground.districts) == 13
    assert "Thirteen districts" in PAGE


def test_levels_are_worth_what_the_table_says() -> None:
    """Each value at each level, as the baseline has it."""
    levels = sim.load("baseline").alert.levels
    rows = re.findall(
        r"^\| ((?:`\w+`(?:, )?)+) \| .* \| ([\d., ;]+) \|$", SUBMODELS["7.11 Command"], re.M
    )
    assert len(rows) == 5
    for names, values in rows:
        for name, told in zip(re.findall(r"\w+", names), values.split(";"), strict=True):
            found = [float(getattr(getattr(levels, level), name)) for level in LEVELS]
            assert [float(value) for value in told.split(",")] == found, name


def test_layers_are_the_cues(model: sim.BorderModel) -> None:
    """Each cue but the attack itself has a row; strangers are reported as a tip."""
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| [^|]+ \| [^|]+ \|$", SUBMODELS["7.4 Detection"], re.M)
    names = {"aircraft": "uav", "strangers": "tip"}
    assert {names.get(row, row) for row in rows} - {"layer"} == set(CUES) - {"attack"}


def test_readiness_rests_where_the_page_says() -> None:
    """From routine to emergency, to two digits."""
    baseline = sim.load("baseline")
    said = re.search(
        r"settles at ([.\d]+), ([.\d]+), ([.\d]+) and ([.\d]+) from",
        SUBMODELS["7.8 Readiness and trust"],
    )
    assert said is not None
    for told, name in zip(said.groups(), LEVELS, strict=True):
        level = getattr(baseline.alert.levels, name)
        found = rest_point(level.fatigue_per_day, recovery_per_day(baseline, level))
        assert float(told) == round(found, 2), name


def off() -> list[tuple[str, str, str]]:
    """Each value by which a page says that something is switched off: where, name, value."""
    found = []
    for title, part in SUBMODELS.items():
        for said in re.findall(r"\*Off:\*(.*?)(?:\n\n|$)", part, re.S):
            for code in re.findall(r"`([^`]+)`", said):
                *several, value = re.split(r"\s*=\s*", " ".join(code.split()))
                found += [(title, name, value) for name in several]
    return found


@pytest.mark.parametrize(("title", "name", "value"), off())
def test_what_is_switched_off_can_be_set_so(title: str, name: str, value: str) -> None:
    """The key exists and takes this value."""
    keys = [name] if name in KEYS else [key for key in KEYS if key.endswith(f".{name}")]
    assert keys, (title, name)
    for key in keys:
        try:
            sim.load("baseline", [f"{key}={value}"])
            return
        except sim.errors.PanjError as error:
            wrong = error
    raise AssertionError(f"{title}: {name} = {value}: {wrong}")


def test_each_submodel_with_a_formula_cites_a_work_or_calls_it_an_assumption() -> None:
    """And the work stands in the list of references."""
    known = {(author, year) for author, year, _ in listed()}
    for title, part in SUBMODELS.items():
        if any(FORMULA.search(code) for code in re.findall(r"`([^`]+)`", part)):
            cited = {
                (author, year)
                for author, _, year, _ in CITED.findall(" ".join(part.split()))
                if author not in NOT_WORKS
            }
            assert cited <= known, title
            assert cited or "assumption" in part, title


def test_variants_are_those_of_the_file() -> None:
    """The table of ``comparison.md`` has each variant, with each key that it sets."""
    page = (ROOT / "docs" / "comparison.md").read_text("utf-8")
    table = page.partition("## Structural variants")[2].partition("\n\nThe values")[0]
    rows = {
        name: row
        for row in re.findall(r"^\| `.*$", table, re.M)
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    shipped = tomllib.loads((ROOT / "seeds" / "structure.toml").read_text("utf-8"))
    assert set(rows) == {"calibrated", *shipped}
    for name, variant in shipped.items():
        for section, values in variant["set"].items():
            for key in values:
                assert f"{section}.{key}" in rows[name] or f"`{key}`" in rows[name], (name, key)
