"""The lab's server: the same figures as the commands, mistakes in words."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets")

from lab_stores import YEARS
from starlette.testclient import TestClient, WebSocketTestSession

from sim.comparison.comparison import compare
from sim.lab import findings
from sim.lab.choices import load_choices
from sim.lab.controller import Controller, LabOptions
from sim.lab.run_speed import RunSpeed
from sim.lab.server import app
from sim.measures.registry import headlines
from sim.report.document import report
from sim.runs.catalogue import NAME
from sim.runs.lock import locked
from sim.runs.store import Store

SOCKET = "/ws"
AGAINST = {"baseline": "plain"}


def client_of(store: Path, files: list[Path]) -> TestClient:
    """A client of the lab, which no door guards."""
    desk = Controller(LabOptions(store, jobs=1), load_choices(map(str, files)), RunSpeed())
    return TestClient(app(desk))


@pytest.fixture(scope="module")
def client(filled: Path, shorts: list[Path]) -> Iterator[TestClient]:
    """A client of a lab on the store that no test changes."""
    with client_of(filled, shorts) as found:
        yield found


def heard(tab: WebSocketTestSession, what: str) -> dict[str, object]:
    """The next message of a kind."""
    while (told := json.loads(tab.receive_text()))["is"] != what:
        pass
    answer: dict[str, object] = told
    return answer


def test_the_page_and_its_files_are_there(client: TestClient) -> None:
    """The page, its modules, those of the live view that it uses, and nothing else."""
    page = client.get("/")
    assert page.status_code == 200
    assert "Panj lab" in page.text
    for path in ("/lab.js", "/lab.css", "/view/panj.css", "/view/elements.js"):
        assert client.get(path).status_code == 200
    assert client.get("/nothing").status_code == 404


def test_two_tabs_are_told_the_same(client: TestClient) -> None:
    """Catalogue and state on connecting; a batch of another process reaches both."""
    with client.websocket_connect(SOCKET) as one, client.websocket_connect(SOCKET) as two:
        assert [heard(tab, "catalogue") for tab in (one,)] == [heard(two, "catalogue")]
        state = heard(one, "state")
        assert state == heard(two, "state")
        assert state["runs"] == {"plain": [YEARS, 0], "many": [YEARS, 0]}


def test_a_lock_reaches_every_tab(store: Path, shorts: list[Path]) -> None:
    """Without being asked."""
    with client_of(store, shorts) as client, client.websocket_connect(SOCKET) as tab:
        assert heard(tab, "state")["batch"] is None
        with locked(store):
            assert heard(tab, "state")["batch"] is not None
        assert heard(tab, "state")["batch"] is None


def test_mistakes_are_told_and_outlived(client: TestClient) -> None:
    """An unknown message, too long a one, and bytes: an error each, and the tab continues."""
    with client.websocket_connect(SOCKET) as tab:
        for text, said in (('{"do": "dance"}', "does not know"), ("x" * 70_000, "at most")):
            tab.send_text(text)
            assert said in str(heard(tab, "error")["text"])
        tab.send_bytes(b"\x00\x01")
        assert "is not JSON" in str(heard(tab, "error")["text"])
        tab.send_text('{"do": "plan", "scenarios": ["plain"], "replicates": 20}')
        assert heard(tab, "plan")["missing"] == 20 - YEARS


def test_the_comparison_is_that_of_the_command(client: TestClient, filled: Path) -> None:
    """Every verdict, the matrix's judgements and the means stand in the page as compare says."""
    page = client.get("/found", params=AGAINST).json()["html"]
    found = compare(filled, "plain", outcomes=list(headlines()))
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    for sentence in found.told(found.words(found.terms)):
        assert sentence in text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'")
    assert f"{2 * YEARS} simulated" in text
    assert text.count('scope="row"') >= len(found.names)


def test_one_scenario_is_told_by_itself(client: TestClient) -> None:
    """Where its harm lies, and its distributions; no matrix."""
    page = client.get("/found", params={"baseline": "many", "scenario": "many"}).json()["html"]
    assert "nine runs in ten" in page
    assert 'id="distributions"' in page
    assert 'id="matrix"' not in page


def test_a_name_cannot_put_markup_into_the_page(client: TestClient) -> None:
    """Errors are texts that list the known names."""
    answer = client.get("/found", params={"baseline": "<script>alert(1)</script>"})
    assert list(answer.json()) == ["error"]
    assert "plain" in answer.json()["error"]
    whole = client.get("/report.html", params={"baseline": "<script>alert(1)</script>"})
    assert whole.status_code == 409
    assert whole.headers["content-type"].startswith("text/plain")


def test_the_report_is_that_of_the_command(client: TestClient, filled: Path) -> None:
    """To the last byte."""
    assert client.get("/report.html", params=AGAINST).text == report(filled, "plain")


def test_the_picture_is_a_drawing_with_words(client: TestClient) -> None:
    """Its finding is text, and the drawing has it as its name."""
    picture = client.get("/picture", params=AGAINST).json()["html"]
    assert "<figcaption>" in picture
    assert 'role="img"' in picture
    assert "<svg" in picture


def test_tables_go_to_pandas(client: TestClient, filled: Path) -> None:
    """The comparison's CSV is its table; that of the years is the store's."""
    found = compare(filled, "plain", outcomes=list(headlines()))
    for name in findings.TABLES:
        answer = client.get(f"/{name}.csv", params=AGAINST)
        assert f'filename="{name}.csv"' in answer.headers["content-disposition"]
        read = pd.read_csv(io.BytesIO(answer.content))
        there = found.table(name)
        assert list(read.columns) == there.column_names
        assert len(read) == there.num_rows
    contrasts = pd.read_csv(io.BytesIO(client.get("/contrasts.csv", params=AGAINST).content))
    row = contrasts.set_index(["scenario", "outcome"]).loc[("many", "seized_kg")]
    assert row["difference"] == pytest.approx(found.contrast("many", "seized_kg").difference)
    years = pd.read_csv(io.BytesIO(client.get("/years.csv").content))
    assert len(years) == 2 * YEARS
    assert years["victims"].sum() == sum(
        Store.open(filled).outcomes(columns=["victims"])["victims"].to_pylist()
    )


def test_a_table_that_is_none_is_refused(client: TestClient) -> None:
    """Also one that a comparison has and the page does not offer."""
    for name in ("secrets", "exceedances"):
        answer = client.get(f"/{name}.csv", params=AGAINST)
        assert answer.status_code == 409
        assert "contrasts, ranking, costs" in answer.text


def test_damage_is_told_where_it_is_read(store: Path, shorts: list[Path]) -> None:
    """A turned bit in a part, then a broken catalogue: words, never figures."""
    with client_of(store, shorts) as client:
        part = next((store / "outcomes").glob("*.parquet"))
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
        for path in ("/found", "/picture", "/report.html", "/years.csv", "/contrasts.csv"):
            answer = client.get(path, params=AGAINST)
            assert answer.status_code == (200 if path in ("/found", "/picture") else 409)
            assert part.name in answer.text
            assert "panj batch" in answer.text
        (store / NAME).write_bytes(b"no catalogue")
        answer = client.get("/found", params=AGAINST)
        assert "the catalogue cannot be read" in answer.json()["error"]


def test_a_mistake_of_the_program_is_told_and_outlived(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The terminal gets the traceback, the page a sentence."""

    def broken(*_: object) -> None:
        raise RuntimeError("a wheel came off")

    with monkeypatch.context() as patched:
        patched.setattr(findings.Findings, "page", broken)
        answer = client.get("/found", params=AGAINST)
    assert answer.status_code == 500
    assert "made a mistake" in answer.text
    assert "a wheel came off" in caplog.text
    assert client.get("/found", params=AGAINST).status_code == 200


def test_nothing_is_computed_twice_for_one_state_of_the_store(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reload costs nothing."""
    first = client.get("/found", params=AGAINST).text
    monkeypatch.setattr(findings, "compare", None)
    assert client.get("/found", params=AGAINST).text == first
