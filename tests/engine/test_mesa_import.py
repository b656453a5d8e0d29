"""Mesa is imported without what this package does not use, and nothing of it is lost."""

import json
import subprocess
import sys

import pytest

from sim.engine.mesa_import import UNUSED

WITH = ("asyncio", "networkx", "pandas", "scipy.spatial")


def loaded(code: str) -> list[str]:
    """The modules that a new process has after this code, which may print lines of its own."""
    code = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


def test_a_model_needs_no_tables_and_no_spaces() -> None:
    """After importing it neither pandas nor networkx nor scipy.spatial nor asyncio is there."""
    assert not {*WITH, *UNUSED} & set(loaded("import sim.model"))


@pytest.mark.parametrize(
    "code",
    [
        "import mesa; mesa.discrete_space.OrthogonalMooreGrid",
        "from mesa.experimental.continuous_space import ContinuousSpace",
        "import pandas; pandas.DataFrame({'a': [1]}).a.sum()",
        "from pandas.api.types import is_numeric_dtype",
        "import mesa.agent; assert mesa.agent.pd.Series is __import__('pandas').Series",
    ],
)
def test_what_was_left_out_is_there_when_it_is_asked_for(code: str) -> None:
    """By any way of importing it, the real module and no stand-in for it."""
    code = f"import sim.model\n{code}\n"
    code += "assert not [n for n, m in sys.modules.items() if type(m).__name__ == '_StandIn']"
    loaded(code)


def test_data_are_collected_into_frames() -> None:
    """Mesa's own use of pandas finds it."""
    loaded(
        "import mesa, sim\n"
        "model = sim.BorderModel(sim.load('baseline', {'days': 2.0}))\n"
        "model.datacollector = mesa.DataCollector({'day': 'time'})\n"
        "model.run()\n"
        "assert len(model.datacollector.get_model_vars_dataframe()) == 2"
    )


def test_a_batch_of_mesa_s_own_shows_its_progress() -> None:
    """The bar is made when a batch asks for one."""
    loaded(
        "import sim.model, mesa\n"
        "class Bare(mesa.Model):\n"
        "    def __init__(self, rng=None):\n"
        "        super().__init__(rng=rng)\n"
        "        self.datacollector = mesa.DataCollector({'day': 'time'})\n"
        "mesa.batch_run(Bare, {}, max_steps=2)\n"
        "assert 'tqdm.auto' in sys.modules"
    )


def test_mesa_that_is_there_already_stays_as_it_is() -> None:
    """Who imported it first has all of it, and the model works with that."""
    code = "import mesa; there = mesa.discrete_space, sys.modules['pandas']\nimport sim.model\n"
    code += "assert there == (mesa.discrete_space, sys.modules['pandas'])\n"
    assert set(WITH) <= set(loaded(code))
