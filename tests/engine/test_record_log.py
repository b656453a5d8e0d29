"""The log: records in order by type, and a fingerprint that any change changes."""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from sim.engine.records import Log


class Walk(NamedTuple):
    """A record with every type of field there is."""

    who: str
    at: float
    number: int
    armed: bool
    cue: str | None


class Talk(NamedTuple):
    """A record of another type with the same fields."""

    who: str
    at: float
    number: int
    armed: bool
    cue: str | None


WALKS = st.builds(
    Walk,
    st.text(max_size=5),
    st.floats(allow_nan=False),
    st.integers(),
    st.booleans(),
    st.none() | st.text(max_size=3),
)
ONE = Walk("group/1", 1.5, 4, True, None)


def log_of(*records: Walk | Talk) -> Log:
    """A log with these records."""
    log = Log()
    for record in records:
        log.add(record)
    return log


def test_records_come_back_by_type_in_order() -> None:
    """Each type has a table, in the order of writing; a type never written has an empty one."""
    other = ONE._replace(at=0.5)
    log = log_of(ONE, Talk(*ONE), other)
    assert log[Walk] == [ONE, other]
    assert log[Talk] == [Talk(*ONE)]
    assert len(log) == 3
    assert Log()[Walk] == []


@given(st.lists(WALKS, max_size=6))
def test_equal_logs_have_one_fingerprint(records: list[Walk]) -> None:
    """The same records in the same order give the same 32 hexadecimal digits."""
    fingerprint = log_of(*records).fingerprint()
    assert fingerprint == log_of(*records).fingerprint()
    assert len(fingerprint) == 32
    assert int(fingerprint, 16) >= 0


@given(st.lists(WALKS, max_size=4), st.lists(WALKS, max_size=4))
def test_different_logs_have_different_fingerprints(one: list[Walk], other: list[Walk]) -> None:
    """Whatever records differ, and in whatever field, the fingerprint differs."""
    same = list(map(repr, one)) == list(map(repr, other))
    assert (log_of(*one).fingerprint() == log_of(*other).fingerprint()) == same


def test_every_field_counts() -> None:
    """The smallest change of a number, a flag, a name or a missing value is seen."""
    changes: list[dict[str, Any]] = [
        {"who": "group/2"}, {"at": 1.5000000000000002}, {"number": 5}, {"armed": False},
        {"cue": ""},
    ]  # fmt: skip
    seen = {log_of(ONE).fingerprint()} | {
        log_of(ONE._replace(**change)).fingerprint() for change in changes
    }
    assert len(seen) == 6


def test_order_number_and_type_count() -> None:
    """Swapped, doubled, dropped or of another type: each has a fingerprint of its own."""
    other = ONE._replace(at=2.0)
    logs = [
        log_of(ONE, other), log_of(other, ONE), log_of(ONE, ONE, other), log_of(ONE), log_of(),
        log_of(Talk(*ONE)),
    ]  # fmt: skip
    assert len({log.fingerprint() for log in logs}) == 6


def test_asking_leaves_the_fingerprint() -> None:
    """A look at a table that was never written changes nothing."""
    log = log_of(ONE)
    before = log.fingerprint()
    assert log[Talk] == []
    assert log.fingerprint() == before
