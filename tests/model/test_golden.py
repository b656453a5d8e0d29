"""Golden runs: frozen results are reproduced to the last bit on any processor.

A refactoring or a faster way to do the same leaves them alone. A change of the model changes
them on purpose; then freeze them again, and say in the changelog why:

    pytest tests/model/test_golden.py --update-golden
"""

import json

import pytest
from golden_worlds import GOLDEN, Frozen, differences, frozen, read, runs
from worlds import BUSY, run, scenario

from sim.model import BorderModel


def test_golden_runs(request: pytest.FixtureRequest) -> None:
    """Every frozen run is reproduced, and no frozen run is left over."""
    now = {name: frozen(model) for name, model in runs().items()}
    if request.config.getoption("--update-golden", default=False):
        GOLDEN.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
    kept = read()
    lines = [line for name in now for line in differences(name, kept.get(name), now[name])]
    lines += [f"{name}: frozen, but not run any more" for name in kept.keys() - now.keys()]
    if lines:
        told = "\n".join(lines)
        pytest.fail(
            f"golden runs changed (if that was meant: --update-golden)\n{told}", pytrace=False
        )


def test_a_change_is_told_field_by_field() -> None:
    """The message names each outcome that changed, before and after, and a new or lost one."""
    kept: Frozen = {"fingerprint": "a", "records": 3, "outcomes": {"deaths": 1, "old": 2}}
    now: Frozen = {"fingerprint": "b", "records": 4, "outcomes": {"deaths": 0, "new": None}}
    assert differences("run", kept, now) == [
        "run: 3 records -> 4", "  deaths: 1 -> 0", "  old: 2 -> absent", "  new: absent -> None",
    ]  # fmt: skip
    quiet: Frozen = {**kept, "fingerprint": "c"}
    assert differences("run", kept, quiet)[-1] == "  no outcome changed, but the log did"
    assert differences("run", kept, kept) == []
    assert differences("run", None, now) == ["run: not frozen yet"]


def test_a_changed_model_is_noticed() -> None:
    """Negative control: a chance that is changed a little is another run."""
    one = frozen(run(BUSY, {"patrols.p_sight": 0.5}))
    other = frozen(run(BUSY, {"patrols.p_sight": 0.55}))
    assert differences("run", one, other)


def test_what_is_kept_survives_the_file() -> None:
    """Numbers come back from JSON as they were, to the last bit."""
    now = frozen(BorderModel(scenario(BUSY, {"days": 20.0}), 3).run())
    assert json.loads(json.dumps(now)) == now
