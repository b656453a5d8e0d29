"""The documentation as a site: all pages are on it, and every link leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "docs" / "site" / "build.py"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as the README says."""
    pytest.importorskip("sphinx")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(BUILD), str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def pages(site: Path) -> dict[str, str]:
    """The text of each page by its name."""
    return {page.name: page.read_text("utf-8") for page in site.glob("*.html")}


def test_every_page_of_docs_is_on_the_site(site: Path) -> None:
    """Warnings are errors, so a page in no list would have stopped the build as well."""
    there = set(pages(site))
    assert {f"{page.stem}.html" for page in (ROOT / "docs").glob("[a-z]*.md")} <= there
    assert {"index.html", "commands.html", "python.html", "search.html"} <= there


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    """Between pages of the site; what is not on it is named without a link."""
    told = pages(site)
    places = {name: set(re.findall(r'id="([^"]+)"', text)) for name, text in told.items()}
    for name, text in told.items():
        for target, place in re.findall(r'href="(?!https?:|data:|mailto:)([^"#]*)#?([^"]*)"', text):
            if target.startswith("_") or (target and not target.endswith(".html")):
                assert (site / target.partition("?")[0]).exists(), (name, target)
                continue
            assert (target or name) in told, (name, target)
            assert not place or place in places[target or name], (name, target, place)


def test_every_command_and_every_public_name_is_there(site: Path) -> None:
    """As ``panj --help`` and ``import sim`` list them."""
    import sim
    from sim.cli.main import COMMANDS

    told = pages(site)
    for command in COMMANDS:
        assert f"panj {command.name}" in told["commands.html"]
    for name in sim.__all__:
        assert re.search(rf'id="[\w.-]*{name.lower().replace("_", "-")}"', told["python.html"]), (
            name
        )


def test_the_site_asks_nothing_of_the_net(site: Path) -> None:
    """No page, sheet or script names another host to load from."""
    for page in pages(site).values():
        assert not re.search(r'<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?//', page)
