"""The first page: its options, its ties, and its length."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from report_stores import DRAWN, EVIL, filled, scenario

from sim.comparison.comparison import Comparison, compare
from sim.comparison.shortlist import Option, shortlist
from sim.report.brief import MOST_LETTERS, brief
from sim.report.document import report
from sim.report.pdf import BROWSERS, print_with_browser
from sim.runs.store import Store

CHROMIUM = next((path for name in BROWSERS if (path := Path("/usr/bin", name)).is_file()), None)


def compared(n: int = 60, **policies: tuple[list[float], float]) -> Comparison:
    """A baseline of about nine victims and 10 M USD; for each policy its changes of victims in
    turn, and its additional cost in millions.
    """
    rng = np.random.default_rng(3)
    base, rows = rng.poisson(9.0, n) + 4, []
    for name, (changes, cost) in {"baseline": ([0.0], 0.0), **policies}.items():
        for r in range(n):
            rows.append({
                "scenario": name, "replicate": r,
                "victims": float(base[r] + changes[r % len(changes)]), "interdiction_share": 0.1,
                "incidents": 9, "cost_usd": 1e7 + 1e6 * cost + 1e3 * rng.normal(),
            })  # fmt: skip
    return compare(pa.Table.from_pylist(rows))


def weighed(found: Comparison) -> dict[str, Option]:
    """The options by their merit."""
    return {option.merit: option for option in shortlist(found)}


def test_a_hundredth_better_at_twice_the_price_does_not_lead() -> None:
    """Of two practically equal policies the cheaper is the first option, and the page says so."""
    found = compared(dear=([-2.01, -3.01], 4.0), fair=([-2.0, -3.0], 2.0))
    first, *_ = shortlist(found)
    assert (first.scenario, first.merit) == ("fair", "best")
    page = brief(found, None)
    assert "fair does practically as well for 2.0" in page.lead
    assert page.cards[0].name == "fair"


def test_a_saving_with_the_same_victims_is_an_option() -> None:
    """A saving of 3.45 M USD a year is in the sentences and on a card."""
    found = compared(helps=([-2, -3], 1.0), lean=([0.0, 0.1, -0.1], -3.45))
    saving = weighed(found)["saving"]
    assert saving.scenario == "lean"
    page = brief(found, None)
    assert any("lean saves 3.45M USD a run" in words for words in page.rest)
    card = next(card for card in page.cards if card.name == "lean")
    assert card.merit == "Practically the same victims, cheaper"
    assert " % less, 3.45M a run" in dict(card.entries)["Cost, USD"]


def test_ties_are_named() -> None:
    """Two policies within chance are tied; one that is worse beyond chance is not."""
    found = compared(a=([-2, -5, -4], 1.0), b=([-5, -2, -3], 1.0), c=([-1], 1.0))
    first, *_ = shortlist(found)
    assert {first.scenario, *first.ties} == {"a", "b"}
    page = brief(found, None)
    assert any("is tied with" in words for words in page.rest)
    assert "Tied with 1 other." in dict(page.cards[0].entries)["How sure"]


def test_the_cheapest_way_is_an_option_of_its_own() -> None:
    """Less harm averted for much less money is offered; what costs more for less is not."""
    found = compared(best=([-5, -6], 6.0), cheap=([-3, -4], 0.5), silly=([-1, -2], 8.0))
    assert [(o.scenario, o.merit) for o in shortlist(found)] == [
        ("best", "best"),
        ("cheap", "cheap"),
    ]


def test_where_nothing_helps_no_change_is_an_option() -> None:
    """The baseline is an option, and so is a single policy without a known effect."""
    harmful = shortlist(compared(bad=([1, 2], 1.0), worse=([3, 4], 1.0)))
    assert [(o.scenario, o.merit) for o in harmful] == [("baseline", "as it is")]
    open_ = shortlist(compared(wild=([-9, 9, 8, -8], 1.0)))
    assert [(o.scenario, o.merit) for o in open_] == [("wild", "open"), ("baseline", "as it is")]
    assert (
        "not settled"
        in dict(brief(compared(wild=([-9, 9, 8, -8], 1.0)), None).cards[0].entries)["Victims"]
    )


def test_a_change_is_given_in_per_cent_and_absolute() -> None:
    """A card gives both, for the harm and for the cost."""
    found = compared(helps=([-2, -3], 1.0))
    card, *_ = brief(found, None).cards
    told = dict(card.entries)
    assert re.match(r"1\d % fewer, 2\.5 a run \(90 % CI", told["Victims"])
    assert re.match(r"10 % more, 1\.00M a run \(90 % CI", told["Cost, USD"])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Four scenarios with draws: long titles, a hostile one, a long description."""
    words = "Guards of every post hold off, keep whom they see in view and call a team by radio. "
    specs = [scenario("baseline")]
    for k, name in enumerate("abc"):
        spec = scenario(
            f"baseline_and_{name * (k + 1)}", f"A policy with a title of many words {k}"
        )
        specs.append(spec.model_copy(update={"description": words * 8 if k % 2 else ""}))
    specs[-1] = specs[-1].model_copy(update={"title": EVIL})
    return filled(tmp_path_factory.mktemp("stores") / "policies", specs, 16, posterior=DRAWN)


@pytest.fixture(scope="module")
def page(store: Store) -> str:
    """Its page."""
    return report(store)


def test_the_first_page_names_an_option_once_with_its_title(store: Store, page: str) -> None:
    """Title first, then the name in brackets, then its description or its levers."""
    first = page[: page.index('id="matrix"')]
    titles = re.findall(r'<p class="title">(.*?)</p>', first)
    assert 2 <= len(titles) <= 3
    assert all(re.fullmatch(r".+ <span>\(baseline and \w+\)</span>", title) for title in titles)
    what = re.findall(r"<dt>What it is</dt><dd>(.*?)</dd>", first)
    assert all(len(words) <= 2 * MOST_LETTERS for words in what)
    assert any("technical.camera_coverage" in words or "Guards of" in words for words in what)


def test_pictures_of_the_brief_are_drawn_in_letters_of_eight_points(page: str) -> None:
    """They are as wide as their place on paper, so that letters keep their size."""
    from sim.report import brief_figures

    wide = [
        float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])  # type: ignore[index]
        for svg in re.findall(r"<svg .*?>", page[: page.index('id="matrix"')])
    ]
    assert wide[0] <= 184 / 25.4 * 72 * brief_figures.LETTERS_PT / 8.0
    assert brief_figures.MAP_WIDTH_IN <= 89 / 25.4 * brief_figures.LETTERS_PT / 8.0


@pytest.mark.thorough
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium in /usr/bin")
def test_printed_the_brief_is_one_page_and_letters_are_eight_points(page: str) -> None:
    """The brief ends above the foot of page one; nothing is smaller, nothing is wider."""
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        shown = browser.new_page(viewport={"width": 695, "height": 1000})  # 184 mm
        shown.emulate_media(media="print")
        shown.set_content(page)
        tall = shown.evaluate(
            "document.querySelector('.brief').getBoundingClientRect().bottom / 96 * 25.4"
        )
        assert tall < 297 - 10 - 12
        small = shown.evaluate(
            """() => [...document.body.querySelectorAll('*')].filter(e =>
              !e.closest('svg') && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) &&
              e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 8 / 72 * 96 -
              0.01).map(e => [e.className, e.textContent.slice(0, 30)])"""
        )
        assert small == []
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= 695  # else all of it would be printed smaller
        browser.close()


@pytest.mark.thorough
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium in /usr/bin")
def test_a_pdf_has_the_same_bytes_again_and_no_date(page: str) -> None:
    """Printed twice by one browser."""
    one, two = (print_with_browser(page, str(CHROMIUM)) for _ in range(2))
    assert one.startswith(b"%PDF-")
    assert one == two
    assert b"(D:20000101000000" in one
