"""The page of a comparison: its contents, that it needs nothing else, and that it is valid."""

import importlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from page_reader import Page
from report_stores import DRAWN, EVIL, POISON, filled, scenario

from sim.comparison.comparison import compare
from sim.comparison.number_format import MINUS, short
from sim.errors import OutputError, PanjError, StoreError
from sim.report import document
from sim.report.document import report
from sim.report.pictures import Pictures
from sim.runs.posterior import Posterior
from sim.runs.store import Store
from sim.runs.structure import variants
from sim.verify.case import Case
from sim.verify.verification import Verification

SECTIONS = (
    "answer", "matrix", "verdicts", "differences", "certainty", "pictures", "parameters",
    "calibration", "assumptions", "ceiling", "verification", "limits", "origin",
)  # fmt: skip
SAVING = "saving_more"
LONG = "a_policy_with_a_name_that_goes_on_and_on_beyond_what_any_column_holds_{}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three scenarios, one with a hostile title, with draws of uncertain parameters."""
    folder = tmp_path_factory.mktemp("stores") / "policies"
    specs = [scenario("baseline"), scenario(SAVING, EVIL), scenario("lame")]
    return filled(folder, specs, 16, posterior=DRAWN)


@pytest.fixture(scope="module")
def whole(store: Store) -> str:
    """The page with its pictures."""
    return report(store, title=EVIL, question=EVIL)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Page]:
    """Make pages without pictures and without the ceiling, which are slow."""
    monkeypatch.setattr(document, "pictures_of", lambda *_: Pictures([], []))
    monkeypatch.setattr(
        document,
        "compare",
        lambda *args, **options: compare(*args, **{**options, "ceiling": False}),
    )

    def page(store: Store, baseline: str = "baseline", **wishes: object) -> Page:
        return Page(report(store, baseline, **wishes))  # type: ignore[arg-type]

    return page


# -- sound, alone, and open to everybody ------------------------------------------------------


def test_the_page_is_sound_html(whole: str) -> None:
    """Every element is closed in order and allowed in its place; ids are unique and found."""
    assert whole.startswith("<!doctype html>")
    assert Page(whole).faults == []


def test_nothing_is_loaded_and_nothing_runs(whole: str) -> None:
    """No external address, no script, no handler, no picture but inline drawings."""
    page = Page(whole)
    assert "http:" not in whole
    assert "https:" not in whole
    assert not {"script", "link", "iframe", "img", "object", "base"} & {t for t, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "xlink:href", "action"):
            value = attributes.get(name, "#")
            assert value.startswith(("#", "data:image/png;base64,")), (tag, value)
    assert not re.search(r"url\((?!#)|@import", whole)
    policies = [m for m in page.tags("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policies[0]["content"]


def test_a_hostile_title_is_text(whole: str) -> None:
    """Titles of scenarios, of the page and of parameters are shown as text, and do nothing."""
    page = Page(whole)
    assert page.text.count(" ".join(EVIL.split())) >= 2
    assert ["<b>wild</b>"] in [row[:1] for row in page.rows]
    assert EVIL not in whole
    assert not [a for t, a in page.elements if t == "b" and "wild" in str(a)]


def test_a_screen_reader_gets_all_it_needs(whole: str) -> None:
    """A language, a title, headings in order, tables with scopes, drawings with their finding."""
    page = Page(whole)
    assert page.tags("html")[0]["lang"] == "en-GB"
    assert len(page.tags("title")) == len(page.tags("h1")) == len(page.tags("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(th.get("scope") in ("col", "row", "rowgroup") for th in page.tags("th"))
    assert len(page.tags("table")) == len(page.tags("caption"))
    drawings = page.tags("svg")
    assert drawings
    assert all(svg["role"] == "img" and len(svg["aria-label"]) > 20 for svg in drawings)
    assert all(a.get("tabindex") == "0" for t, a in page.elements if a.get("role") == "region")


def contrast(a: str, b: str) -> float:
    """Ratio of two colours by the rule of the Web Content Accessibility Guidelines."""

    def light(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_have_enough_contrast(whole: str) -> None:
    """Every colour of words has a contrast of 4.5 or more on both backgrounds."""
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", whole))
    for name in ("ink", "soft", "good", "bad", "other"):
        for ground in ("#ffffff", colours["wash"]):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)


def test_a_page_without_machine_paths(whole: str) -> None:
    """Of absolute paths only the last name is left, in commands and in sources."""
    page = Page(whole)
    assert "/home" not in whole
    assert "qwertz" not in whole
    assert "panj batch baseline -o …/results" in page.text
    assert "from panj calibrate -o …/fit" in page.text


# -- what stands on it ------------------------------------------------------------------------


def test_every_section_is_there_and_in_the_contents(whole: str) -> None:
    """The sections are in order, and the contents link to each."""
    page = Page(whole)
    assert [name for name in page.ids() if name in SECTIONS] == list(SECTIONS)
    links = [a["href"][1:] for a in page.tags("a")]
    assert set(SECTIONS) <= set(links)


def test_the_answer_is_one_sentence_with_figures(whole: str) -> None:
    """Who does better, by how much, between what, at which cost."""
    lead = re.search(r'<p class="lead">(.*?)</p>', whole)
    assert lead is not None
    assert lead[1].startswith("Of 2 policies only “")
    assert "is known to do better than baseline on victims" in lead[1]
    assert " fewer, " in lead[1]
    assert " a year (90 % CI " in lead[1].replace("\N{NO-BREAK SPACE}", " ")
    assert lead[1].endswith(" times the cost.") or lead[1].endswith("higher cost.")
    assert lead[1].count(". ") == 0


def test_the_tables_hold_what_the_comparison_found(store: Store, whole: str) -> None:
    """Each scenario has its row in both tables, with a judgement in every cell."""
    rows = Page(whole).rows
    heads = [row for row in rows if row and row[0] == "Policy" and "Victimsa year" in row]
    assert [len(row) > 5 for row in heads].count(True) == 2  # at a glance, and in full
    (own, *_) = compare(store, outcomes=["victims"]).contrasts
    words = f"{own.difference:.1f}".replace("-", MINUS)
    change = short(own.difference / own.baseline_mean, 100.0)
    found = [row for row in rows if row and row[0] == "saving more" and f"{words} (" in row[1]]
    assert len(found) == 1
    assert found[0][1].replace("\N{NO-BREAK SPACE}", " ").startswith(f"{change} % better{words} (")


def test_pictures_that_the_store_supports_are_drawn(whole: str) -> None:
    """A picture for each kind; for what the store does not keep, a sentence says so."""
    page = Page(whole)
    drawn = [a["aria-labelledby"] for a in page.tags("figure")]
    kinds = ("regret", "outcome", "cost", "displacement", "convergence", "ceiling", "funnel")
    assert drawn == ["saved", *(f"of-{kind}" for kind in kinds)]
    assert "Incidents along the line and down the calendar: this store keeps no incidents" in (
        page.text
    )


def test_uncertain_parameters_are_separated_from_chance(whole: str) -> None:
    """The effect of draws on the difference, and what the data taught."""
    page = Page(whole)
    assert "drawn from 8 sets" in page.text
    row = next(row for row in page.rows if row[0] == "patrols.p_sight" and len(row) == 6)
    assert row == ["patrols.p_sight", "probability", "0.30", "0.11 to 0.23", "60 %", "something"]
    wild = next(row for row in page.rows if row[0] == "<b>wild</b>" and len(row) == 6)
    assert wild[2:] == ["× 1", "× 0.62 to 0.93", "110 %", "almost nothing"]
    assert any(row[0] == "saving more" and "±" in "".join(row) for row in page.rows)


def test_levers_and_origin(store: Store, whole: str) -> None:
    """What sets policies apart; digests, seeds, code and versions of the store."""
    page = Page(whole)
    lever = next(row for row in page.rows if row[1:2] == ["technical.camera_coverage"])
    assert lever[0] == "saving more"
    assert lever[2] == "0.02"
    for digest in store.manifest.digests.values():
        assert digest in page.text
    assert str(store.manifest.made_with["code"]) in page.text
    assert f"from root {store.manifest.root}" in page.text
    assert "panj report STORE --baseline baseline --confidence 0.9" in page.text


def test_without_a_verification_the_page_says_how_to_add_one(whole: str) -> None:
    """What is missing is named."""
    text = Page(whole).text
    assert "panj verify -o verification.json" in text
    assert "--calibration FOLDER" in text


# -- other stores -----------------------------------------------------------------------------


def test_the_same_store_gives_the_same_page(store: Store, plain: Callable[..., Page]) -> None:
    """Opened once more, the same elements and the same words."""
    one, two = plain(store), plain(Store.open(store.path))
    assert one.elements == two.elements
    assert one.text == two.text


def test_failed_runs_are_noted(tmp_path: Path, plain: Callable[..., Page]) -> None:
    """A note and the table say how many failed; there is no traceback."""
    store = filled(tmp_path / "s", [scenario("baseline"), scenario(POISON)], 12, districts=False)
    page = plain(store)
    (row,) = [row for row in page.rows if row[0] == POISON and row[1:2] == ["Of poison"]]
    failed = int(row[-1])
    assert failed > 0
    assert f"poison: {failed} runs failed and left out" in page.text
    assert "qwertz" not in page.text
    assert page.faults == []


def test_fourteen_scenarios_with_long_names(tmp_path: Path, plain: Callable[..., Page]) -> None:
    """Each has its row under its full name, and the answer does not list them all."""
    names = [LONG.format(k) for k in range(13)]
    store = filled(
        tmp_path / "s", [scenario("baseline"), *map(scenario, names)], 3, districts=False
    )
    page = plain(store)
    assert page.faults == []
    for name in names:
        assert sum(row[0] == name.replace("_", " ") for row in page.rows) >= 4
    assert len(re.search(r"13 policies.*?What to choose from", page.text)[0]) < 3000  # type: ignore[index]


def test_a_store_without_districts_or_posterior(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Says that displacement is not shown, and that parameters were not drawn."""
    monkeypatch.setattr("sim.report.gallery.kinds_of", lambda _: ("displacement",))
    monkeypatch.setattr(
        "sim.comparison.comparison.ceilings", lambda specs: tuple(map(_nothing, specs))
    )
    store = filled(tmp_path / "s", [scenario("baseline"), scenario("b")], 10, districts=False)
    page = Page(report(store))
    assert [a["aria-labelledby"] for a in page.tags("figure")] == ["saved"]
    assert "Changes by district along the line: this store keeps no districts" in page.text
    assert "Every year used the scenarios’ own parameter values" in page.text
    assert "nothing here was fitted" in page.text


def _nothing(name: str | None) -> object:
    from sim.comparison.ceiling import CeilingRow

    return CeilingRow(name or "", 1.0, 0.0, 0.0, None, 0.0, 0.0, None, None, None, "")


@pytest.mark.parametrize(("replicates", "told"), [(12, True), (1, False)])
def test_a_store_with_one_scenario_is_shown_by_itself(
    tmp_path: Path, replicates: int, told: bool
) -> None:
    """Its distributions and the pictures that need no other; for one run, what is unknown."""
    store = filled(tmp_path / "s", [scenario("lone_one")], replicates)
    page = Page(report(store))
    assert page.faults == []
    assert "What should be expected for victims" in page.text
    assert "differences" not in page.ids()
    assert "How it varies" in page.text
    assert "probably best" not in page.text
    assert ("nine years in ten lie between" in page.text) == told
    assert ("is unknown" in page.text) != told
    drawn = [a["aria-labelledby"] for a in page.tags("figure")]
    assert drawn == ["of-ridgeline", "of-ceiling", "of-funnel"]


def test_the_store_is_read_once_and_nothing_is_computed_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each table is read once, each contrast bootstrapped once, each family corrected once."""
    counted = Counter[str]()

    def count(where: str, name: str) -> None:
        own = getattr(importlib.import_module(where), name)

        def counting(*args: object, **options: object) -> object:
            counted[name] += 1
            return own(*args, **options)

        monkeypatch.setattr(f"{where}.{name}", counting)

    for where, name in (
        ("sim.comparison.samples", "read_sample"),
        ("sim.comparison.contrasts", "contrast_outcomes"),
        ("sim.comparison.contrasts", "resampled_means"),
        ("sim.comparison.contrasts", "judge"),
        ("sim.comparison.displacement", "resampled_means"),
        ("sim.comparison.comparison", "cost_row"),
        ("sim.comparison.comparison", "rank"),
        ("sim.comparison.comparison", "cost_harm_frontier"),
        ("sim.comparison.comparison", "read_districts"),
    ):
        count(where, name)
    for name in ("outcomes", "districts", "incidents"):
        own = getattr(Store, name)

        def read(self: Store, *args: object, name: str = name, own: object = own) -> object:
            counted[f"store.{name}"] += 1
            return own(self, *args)  # type: ignore[operator]

        monkeypatch.setattr(Store, name, read)
    report(Store.open(store.path))
    policies, measures = 2, 2
    assert counted["store.outcomes"] == counted["store.districts"] == 1
    assert counted["store.incidents"] == 0
    assert counted["read_sample"] == counted["read_districts"] == policies + 1
    # once for all outcomes, once for the share that the title of the funnel tells
    assert counted["contrast_outcomes"] == 2 * policies
    assert counted["judge"] == 2
    assert counted["resampled_means"] == 2 * policies + measures * policies
    assert counted["cost_row"] == policies
    assert counted["rank"] == counted["cost_harm_frontier"] == 1


def test_runs_that_are_not_years_are_called_runs(
    tmp_path: Path, plain: Callable[..., Page]
) -> None:
    """Nothing of thirty days is given "a year"."""
    specs = [scenario("baseline", days=30.0), scenario("lighter_one", days=30.0)]
    page = plain(filled(tmp_path / "s", specs, 10))
    assert "20 simulated runs of 2 scenarios" in page.text
    assert "in 30 days" in page.text
    assert "fewer a year" not in page.text


# -- what may be wished ------------------------------------------------------------------------


def test_arguments_change_the_page(store: Store, plain: Callable[..., Page]) -> None:
    """Baseline, scenarios, harm, confidence, title and question change the page."""
    page = plain(
        store, "lame", scenarios=[SAVING], harm="guards_killed", confidence=0.95, title="A title",
        question="Why?",
    )  # fmt: skip
    assert page.text.startswith("To the answer A title")
    assert "Why?" in page.text
    assert "95 % interval" in page.text
    assert "--baseline lame --confidence 0.95 --harm guards_killed" in page.text
    assert not [row for row in page.rows if row[0] == "baseline"]
    (ranking,) = [row for row in page.rows if "probably best" in row]
    assert ranking[1] == "mean"
    assert "Ranking by expected guards killed" in page.text


@pytest.mark.parametrize("harm", ["interdiction_share", "incidents", "cost_usd", "crossings"])
def test_any_outcome_can_be_the_harm(store: Store, plain: Callable[..., Page], harm: str) -> None:
    """A share, a neutral count, the cost itself, and one that is not a headline."""
    page = plain(store, harm=harm)
    assert page.faults == []
    assert "None" not in page.text.replace("None of the", "")


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"baseline": "basline"}, "Did you mean baseline"),
        ({"scenarios": ["savings_more"]}, f"Did you mean {SAVING}"),
        ({"harm": "victim"}, "Did you mean victims"),
        ({"confidence": 1.5}, "must lie between 0.5 and 1"),
    ],
)
def test_a_wrong_name_is_answered(store: Store, wishes: dict[str, object], said: str) -> None:
    """With the nearest known name."""
    with pytest.raises(PanjError, match=said):
        report(store, **wishes)  # type: ignore[arg-type]


def test_a_verification_is_included(
    store: Store, tmp_path: Path, plain: Callable[..., Page]
) -> None:
    """A summary by family, every case in full, and failed cases in the open."""
    cases = (
        Case("sound <i>", 0.5, 0.51, 0.01, family="clash"),
        Case("off", 0.5, 0.9, 0.01, family="clash"),
        Case("exact", 1.0, 1.0, family="readiness"),
    )
    Verification(cases, 1.0, 2.0).write(tmp_path / "v.json")
    page = plain(store, verification=tmp_path / "v.json")
    assert page.faults == []
    assert ["clash", "2", "40.00", "1.5", "2 do not"] in page.rows
    assert ["readiness", "1", "exact", "found", "holds"] in page.rows
    assert sum(row[0] == "off" for row in page.rows) == 2
    assert "1 of 3 limiting cases disagree with theory" in page.text


def test_a_calibration_that_the_runs_do_not_draw_from_is_named(
    store: Store, tmp_path: Path, plain: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said of its own posterior; another is named as such."""
    told = "With 80 draws the tails are unreliable: take more."
    record = SimpleNamespace(posterior=1, checks=())
    monkeypatch.setattr("sim.calibrate.record.read_record", lambda _: record)
    monkeypatch.setattr("sim.calibrate.posterior.concerns", lambda *_: [told])
    monkeypatch.setattr(document, "pictures_of_calibration", lambda _: Pictures([], []))
    DRAWN.write(tmp_path / "own")
    text = plain(store, calibration=tmp_path / "own").text
    assert told in text
    assert "another posterior" not in text
    other = Posterior(DRAWN.parameters, DRAWN.draws[::-1], "elsewhere")
    other.write(tmp_path / "other")
    text = plain(store, calibration=tmp_path / "other").text
    assert "draw their parameters from another posterior" in text


def test_a_file_that_is_not_a_verification_is_refused(store: Store, tmp_path: Path) -> None:
    """Before anything else is computed."""
    (tmp_path / "v.json").write_text(json.dumps({"cases": 7}))
    with pytest.raises(OutputError, match="is not a verification"):
        report(store, verification=tmp_path / "v.json")
    with pytest.raises(StoreError, match="no finished calibration"):
        report(store, calibration=tmp_path)


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    """Whatever the hash seed of Python and the place of the store."""
    pages = []
    for seed in ("1", "2"):
        code = (
            "import sys; from sim.runs.store import Store; from sim.report.document import report;"
            "sys.stdout.buffer.write(report(Store.open(sys.argv[1])).encode())"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(store.path)],
            capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "MPLBACKEND": "Agg"},
        )  # fmt: skip
        pages.append(done.stdout)
    assert pages[0] == pages[1]
    assert len(pages[0]) > 100_000


@pytest.mark.slow
def test_a_large_report_is_small(tmp_path: Path) -> None:
    """Twelve scenarios of a thousand replicates take less than 5 MB."""
    share = "technical.camera_coverage"
    policies = [scenario(f"policy_{'x' * k}", **{share: 0.1 + 0.02 * k}) for k in range(11)]
    specs = [scenario("baseline"), *policies]
    page = report(filled(tmp_path / "s", specs, 1000))
    assert len(page.encode()) < 5_000_000
    assert Page(page).faults == []


# -- structural variants ----------------------------------------------------------------------


def test_variants_of_the_model_have_a_section(
    plain: Callable[..., Page], tmp_path: Path, store: Store
) -> None:
    """A sentence and a table for each policy; the rest of the page is for the calibrated model."""
    specs = [scenario("baseline"), scenario(SAVING)]
    page = plain(filled(tmp_path / "s", specs, 12, variants=variants("deterrence,quiet")))
    assert page.faults == []
    assert "structure" in page.ids()
    assert {"variant-1", "variant-2"} <= set(page.ids())
    assert "in all 3 variants of the model" in page.text or "depends on" in page.text
    assert "deterrence.militants = 0" in page.text
    assert "baseline@quiet" not in page.text
    assert "structure" not in plain(store).ids()


# -- regret -----------------------------------------------------------------------------------


def test_a_safe_choice_has_a_section_where_there_are_draws(
    plain: Callable[..., Page], tmp_path: Path, store: Store
) -> None:
    """Sentences, two tables and the picture; without draws the section is not there."""
    page = plain(store)
    assert {"regret", "regret-1", "regret-2", "of-regret"} <= set(page.ids())
    assert "stays closest to the best: on average over 8 draws of the parameters" in page.text
    bare = plain(filled(tmp_path / "s", [scenario("baseline"), scenario(SAVING)], 12))
    assert "regret" not in bare.ids()
    assert bare.faults == []
