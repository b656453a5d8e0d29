"""A result stays with its store, is read as it was written, and damage is reported."""

from pathlib import Path
from typing import ClassVar

import pytest

from sim.errors import StoreError
from sim.explore.result import Result, load_result, save_result


class Weather(Result):
    """A kind of result for the test."""

    kind: ClassVar[str] = "weather"
    rain_mm: float


FOUND = Weather(asked="panj weather results/a", runs=3, rain_mm=0.1)


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    """It reads back equal; a newer result of its kind replaces it."""
    assert load_result(tmp_path, Weather) is None
    assert save_result(tmp_path, FOUND) == tmp_path / "explored" / "weather.json"
    assert load_result(tmp_path, Weather) == FOUND
    save_result(tmp_path, FOUND.model_copy(update={"rain_mm": 2.0}))
    again = load_result(tmp_path, Weather)
    assert again is not None
    assert again.rain_mm == 2.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Invalid JSON"),
        ('{"asked": "a", "runs": 1}', "rain_mm"),
        ('{"asked": "a", "runs": 1, "rain_mm": "much"}', "rain_mm"),
        ('{"asked": "a", "runs": 1, "rain_mm": 1, "snow": 2}', "snow"),
    ],
)
def test_a_damaged_result_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """The message for a file without such a result has its path, place and remedy."""
    path = save_result(tmp_path, FOUND)
    path.write_text(content, "utf-8")
    with pytest.raises(StoreError) as caught:
        load_result(tmp_path, Weather)
    message = str(caught.value)
    assert said.lower() in message.lower()
    assert "weather.json" in message
    assert "Remove the file" in message


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A store whose folder of results leads elsewhere is neither read nor written."""
    (tmp_path / "elsewhere").mkdir()
    store = tmp_path / "store"
    store.mkdir()
    (store / "explored").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        save_result(store, FOUND)
    with pytest.raises(StoreError):
        load_result(store, Weather)
    assert not list((tmp_path / "elsewhere").iterdir())
