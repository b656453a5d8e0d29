"""One bank and one emulator for all tests of this folder."""

from collections.abc import Iterator

import pytest
import small_world as small

from sim.calibrate.surrogate import Surrogate, fit_surrogate
from sim.runs.store import Store
from sim.tuning.session import Tuning


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Years of the small world."""
    return small.bank(tmp_path_factory.mktemp("bank") / "fit", 60)


@pytest.fixture(scope="session")
def surrogate(bank: Store) -> Surrogate:
    """Fitted to them."""
    return fit_surrogate(small.model(), small.TOLD, bank)


@pytest.fixture
def session(surrogate: Surrogate) -> Iterator[Tuning]:
    """A session with an emulator."""
    found = small.tuning(surrogate)
    yield found
    found.close()


@pytest.fixture
def still(surrogate: Surrogate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tuning]:
    """A session whose years never come: only the emulator answers."""
    monkeypatch.setattr(Tuning, "_request_years", lambda self: None)
    found = small.tuning(surrogate)
    yield found
    found.close()
