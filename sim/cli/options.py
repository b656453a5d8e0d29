"""Options and arguments that several commands share, each with one meaning everywhere."""

import errno
import inspect
import json
import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from sim.cli import completion
from sim.cli.draws import DrawOptions
from sim.cli.output_files import PICTURES, check_output

LARGEST_SEED: Final = 2**63 - 1

type Decorator = Callable[[Any], Any]
"""Adds options to the function of a command."""


def combined(name: str, make: Callable[..., object], options: Sequence[Decorator]) -> Decorator:
    """Several options that reach the command as one argument, ``name``.

    ``make`` takes their values by name and returns the argument; it may raise ``UsageError``.
    """
    fields = inspect.signature(make).parameters

    def decorate(command: Callable[..., object]) -> Callable[..., object]:
        @wraps(command)
        def call(*arguments: object, **values: object) -> object:
            parts = {field: values.pop(field) for field in fields if field in values}
            return command(*arguments, **{name: make(**parts)}, **values)

        decorated: Callable[..., object] = call
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


# -- kinds of options ------------------------------------------------------------------------------


class _NewPath(click.Path):
    """A path to write to; a name too long for the disk is refused before the command runs."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path; fail where its name, or that of the temporary file, is too long."""
        path = Path(str(value))
        if not str(value):
            self.fail("the name is empty; give a file or folder to write to.", param, ctx)
        try:
            os.lstat(path.absolute().with_name(f"{path.name}{_ROOM * '_'}"))
        except ValueError:
            pass
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                self.fail(f"{path}: the name is too long; give a shorter one.", param, ctx)
        return path


_ROOM: Final = 30
"""Number of letters by which a name is longer while the file or folder is written."""
NEW_PATH: Final = _NewPath()
PATH: Final = click.Path(path_type=Path)


def names(_: object, __: object, text: str | None) -> list[str] | None:
    """Split names at commas; ``None`` where the option was not given."""
    if text is None:
        return None
    parts = [name.strip() for name in text.split(",") if name.strip()]
    if not parts:
        raise click.BadParameter(
            "no name was given; write names separated by commas, or leave the option out."
        )
    return parts


def flag(name: str, help: str, *more: str) -> Decorator:
    """An option without a value."""
    return click.option(name, *more, is_flag=True, help=help)


def value(name: str, metavar: str, help: str, *more: str, **how: Any) -> Decorator:
    """An option with a value."""
    return click.option(name, *more, metavar=metavar, help=help, **how)


def choice(name: str, words: Sequence[str], help: str, *more: str) -> Decorator:
    """An option that takes one of ``words``, by default the first."""
    return click.option(
        name, *more, type=click.Choice(words), default=words[0], show_default=True, help=help
    )


def integer(
    *flags: str,
    help: str,
    least: int = 0,
    most: int | None = None,
    default: int | None = None,
    metavar: str | None = "N",
) -> Decorator:
    """An option that takes a whole number within bounds."""
    kind = click.IntRange(least, most)
    return click.option(
        *flags, type=kind, default=default, show_default=True, metavar=metavar, help=help
    )


def number(*flags: str, help: str, metavar: str, default: float | None = None) -> Decorator:
    """An option that takes any number."""
    return click.option(
        *flags, type=float, default=default, show_default=True, metavar=metavar, help=help
    )


def output(
    metavar: str, help: str, name: str = "folder", required: bool = True, **more: Any
) -> Decorator:
    """``-o``, the file or folder to write to."""
    return click.option(
        "-o", "--output", name,
        type=NEW_PATH, required=required, metavar=metavar, help=help, **more,
    )  # fmt: skip


def force(what: str) -> Decorator:
    """``--force``; without it no existing file is replaced."""
    return flag("--force", f"Replace {what} that already exists.")


# -- scenarios and seeds ---------------------------------------------------------------------------


def scenario_arguments(name: str, metavar: str = "SCENARIO...") -> Decorator:
    """One scenario or several, as the argument ``name``."""
    return click.argument(
        name, metavar=metavar, nargs=-1, required=True, shell_complete=completion.scenarios
    )


def against(help: str, **more: Any) -> Decorator:
    """``--against``, a second scenario."""
    return click.option(
        "--against", metavar="OTHER", shell_complete=completion.scenarios, help=help, **more
    )


def _set(settings: tuple[str, ...], ground: str | None) -> tuple[str, ...]:
    return settings if ground is None else (*settings, f"ground={json.dumps(ground)}")


settings = combined(
    "settings",
    _set,
    [
        value(
            "--set",
            "KEY=VALUE",
            "Change one parameter of the scenario; can be given more than once.",
            "settings",
            multiple=True,
            shell_complete=completion.settings,
        ),
        value(
            "--ground",
            "FOLDER",
            "Use this ground: a folder, or the name of a shipped one ('panj ground list').",
        ),
    ],
)
"""``--set`` and ``--ground``, as one list of settings."""

days = number("--days", metavar="D", help="Number of days to simulate, in place of the scenario's.")
seed = integer(
    "--seed",
    most=LARGEST_SEED,
    default=1,
    help="Seed of the run; the same seed gives the same run.",
)


def root_seed(help: str, most: int = LARGEST_SEED, default: int | None = 0) -> Decorator:
    """``--seed``, from which the seeds of many runs are derived."""
    return integer("--seed", most=most, default=default, help=help)


def _permit_code(context: click.Context, option: click.Parameter, allowed: bool) -> None:
    """Allow the user's own code until the command ends."""
    if allowed:
        from sim.rules import user_rules

        user_rules.allow_code()
        context.find_root().call_on_close(user_rules.forbid_code)


allow_code = click.option(
    "--allow-code",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_permit_code,
    help="Import your own rules, which a scenario names as MODULE:CLASS.",
)
allow_mixed = flag("--allow-mixed", "Add to a store made with other code or other values.")

# -- where runs are computed -----------------------------------------------------------------------

jobs = integer("--jobs", least=1, help="Number of worker processes  [default: all cores].")
cluster = value("--cluster", "tcp://HOST:PORT", "Run on this Dask cluster instead of this machine.")
_serial = flag("--serial", "Run in this one process, for a debugger.")


class Workers(NamedTuple):
    """Where to compute runs: a number of processes, "serial", or the address of a cluster."""

    jobs: int | None
    executor: str | None


def _workers(jobs: int | None, serial: bool, cluster: str | None = None) -> Workers:
    if cluster and (jobs or serial):
        raise click.UsageError("--cluster runs on other machines: leave out --jobs and --serial.")
    if serial and jobs:
        raise click.UsageError("--serial uses one process: leave out --jobs.")
    return Workers(jobs, "serial" if serial else cluster)


workers = combined("workers", _workers, [jobs, _serial])
"""``--jobs`` and ``--serial``."""
workers_anywhere = combined("workers", _workers, [jobs, cluster, _serial])
"""The same, and ``--cluster``."""

# -- uncertain parameters --------------------------------------------------------------------------

year = value(
    "--year",
    "YEAR",
    "Start each run in the conditions of this year: a past year that the posterior knows, such "
    "as 2016, or 'coming', the next one  [default: coming].",
)


def draw_options(
    draws: str, default: str = "the shipped posterior", posterior: str | None = None
) -> Decorator:
    """``--posterior``, ``--draws`` and ``--year``, as one ``draw_options``.

    ``draws`` and ``posterior`` are help texts; ``default`` is what the help gives as the default
    of ``--posterior``.
    """
    usual = f"Draw the uncertain parameters from this, as 'panj batch' does  [default: {default}]."
    source = value("--posterior", "FOLDER|FILE.csv|prior|none", posterior or usual)
    count = integer("--draws", least=1, metavar="K", help=f"{draws}  [default: 100].")
    return combined("draw_options", DrawOptions, [source, count, year])


# -- what is read and compared ---------------------------------------------------------------------

store = click.argument("folder", metavar="STORE", type=PATH, shell_complete=completion.stores)
"""The folder of a store to read."""

baseline = value(
    "--baseline",
    "NAME",
    "Compare the other scenarios with this one.",
    default="baseline",
    show_default=True,
    shell_complete=completion.scenarios,
)
scenarios = value(
    "--scenarios",
    "A,B",
    "Use only these scenarios  [default: all].",
    callback=names,
    shell_complete=completion.scenario_list,
)
confidence = number(
    "--confidence", default=0.9, metavar="P", help="Confidence level of intervals and verdicts."
)


def outcome(help: str, flag: str = "--outcome") -> Decorator:
    """One outcome, by default victims."""
    return value(
        flag, "NAME", help, default="victims", show_default=True, shell_complete=completion.outcomes
    )


def outcomes(help: str) -> Decorator:
    """``--outcomes``, names separated by commas."""
    return value("--outcomes", "A,B", help, callback=names, shell_complete=completion.outcomes)


def outcome_values(flag: str, help: str) -> Decorator:
    """An option that takes an outcome with a number, and can be given more than once."""
    return value(flag, "OUTCOME:X", help, multiple=True, shell_complete=completion.outcome_values)


harm = value(
    "--harm",
    "NAME",
    "Begin verdicts with this outcome, and rank by it.",
    shell_complete=completion.outcomes,
)


def seeds(help: str) -> Decorator:
    """``--seeds``, a folder with the user's own tables."""
    return value("--seeds", "DIR", help, type=PATH)


# -- the form of the result ------------------------------------------------------------------------


def _plot_file(plot: Path | None, force: bool) -> Path | None:
    """Return the file of ``--plot``; refuse one that cannot be written."""
    if plot is not None:
        check_output(plot, PICTURES, force=force)
    elif force:
        raise click.UsageError("--force replaces a picture: give --plot FILE too.")
    return plot


plot = combined(
    "plot",
    _plot_file,
    [
        value("--plot", "FILE", "Draw the result to this .svg, .png or .pdf file.", type=NEW_PATH),
        force("a picture"),
    ],
)
as_json = flag("--json", "Print one JSON object, for other programs, and nothing else.", "as_json")
