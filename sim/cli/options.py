"""Options that mean the same wherever they appear."""

import errno
import inspect
import json
import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from sim.cli import complete
from sim.cli.drawn import Wanted
from sim.cli.new_file import check_picture

LARGEST_SEED: Final = 2**63 - 1

type Asked = Callable[[Any], Any]
"""What makes an option of a command."""


def together(name: str, make: Callable[..., object], options: Sequence[Asked]) -> Asked:
    """Several options that reach the command as one thing, ``name``.

    ``make`` makes it of their values, which it takes by their names, and may refuse them.
    """
    fields = inspect.signature(make).parameters

    def with_options(command: Callable[..., object]) -> Callable[..., object]:
        @wraps(command)
        def asked(*arguments: object, **given: object) -> object:
            own = {field: given.pop(field) for field in fields if field in given}
            return command(*arguments, **{name: make(**own)}, **given)

        found: Callable[..., object] = asked
        for option in reversed(options):
            found = option(found)
        return found

    return with_options


# -- kinds of options -----------------------------------------------------------------------------


class _NewPath(click.Path):
    """A path to write to; a name too long for the disk is refused before anything runs."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path, if there is room for its name and for ours while it is written."""
        path = Path(str(value))
        if not str(value):
            self.fail("an empty name is not a place to write to.", param, ctx)
        try:
            os.lstat(path.absolute().with_name(f"{path.name}{_ROOM * '_'}"))
        except ValueError:
            pass
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                self.fail(f"{path}: the name is too long; give a shorter one.", param, ctx)
        return path


_ROOM: Final = 30
"""Letters that a file or folder's name is longer by while it is written."""
NEW_PATH: Final = _NewPath()
PATH: Final = click.Path(path_type=Path)


def names(_: object, __: object, text: str | None) -> list[str] | None:
    """Names between commas; ``None`` where nothing was given."""
    if text is None:
        return None
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise click.BadParameter("there is no name; write names between commas, or leave it out.")
    return found


def flag(name: str, help: str, *more: str) -> Asked:
    """An option without a value."""
    return click.option(name, *more, is_flag=True, help=help)


def value(name: str, metavar: str, help: str, *more: str, **how: Any) -> Asked:
    """An option with a value."""
    return click.option(name, *more, metavar=metavar, help=help, **how)


def choice(name: str, words: Sequence[str], help: str, *more: str) -> Asked:
    """One of some words, the first unless another is given."""
    return click.option(
        name, *more, type=click.Choice(words), default=words[0], show_default=True, help=help
    )


def whole(
    *flags: str,
    help: str,
    least: int = 0,
    most: int | None = None,
    default: int | None = None,
    metavar: str | None = "N",
) -> Asked:
    """An option that is a whole number between bounds."""
    kind = click.IntRange(least, most)
    return click.option(
        *flags, type=kind, default=default, show_default=True, metavar=metavar, help=help
    )


def number(*flags: str, help: str, metavar: str, default: float | None = None) -> Asked:
    """An option that is any number."""
    return click.option(
        *flags, type=float, default=default, show_default=True, metavar=metavar, help=help
    )


def output(
    metavar: str, help: str, name: str = "folder", required: bool = True, **more: Any
) -> Asked:
    """``-o``, where something is written."""
    return click.option(
        "-o", "--output", name,
        type=NEW_PATH, required=required, metavar=metavar, help=help, **more,
    )  # fmt: skip


def replacing(what: str) -> Asked:
    """``--force``, without which nothing is replaced."""
    return flag("--force", f"Replace {what} that is already there.")


# -- what is run ----------------------------------------------------------------------------------


def some_scenarios(name: str, metavar: str = "SCENARIO...") -> Asked:
    """One scenario or several, as the parameter ``name``."""
    return click.argument(
        name, metavar=metavar, nargs=-1, required=True, shell_complete=complete.scenarios
    )


def against(help: str, **more: Any) -> Asked:
    """``--against``, a scenario beside the first."""
    return click.option(
        "--against", metavar="OTHER", shell_complete=complete.scenarios, help=help, **more
    )


def _set(settings: tuple[str, ...], ground: str | None) -> tuple[str, ...]:
    return settings if ground is None else (*settings, f"ground={json.dumps(ground)}")


settings = together(
    "settings",
    _set,
    [
        value(
            "--set",
            "KEY=VALUE",
            "Change one parameter of the scenario; may be repeated.",
            "settings",
            multiple=True,
            shell_complete=complete.settings,
        ),
        value(
            "--ground",
            "FOLDER",
            "Play on this ground: a folder, or a shipped one by name ('panj ground list').",
        ),
    ],
)
"""``--set`` and ``--ground``, as one list of settings."""

days = number("--days", metavar="D", help="Horizon in days instead of the scenario's.")
seed = whole(
    "--seed",
    most=LARGEST_SEED,
    default=1,
    help="Seed of the run; the same seed gives the same run.",
)


def root(help: str, most: int = LARGEST_SEED, default: int | None = 0) -> Asked:
    """``--seed``, from which the seeds of many runs come."""
    return whole("--seed", most=most, default=default, help=help)


def _permit(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    """Allow code of one's own until the command ends."""
    if wanted:
        from sim.rules import user_rules

        user_rules.permit()
        context.find_root().call_on_close(user_rules.forbid)


allow_code = click.option(
    "--allow-code",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_permit,
    help="Import the rules of your own that a scenario names as MODULE:CLASS.",
)
allow_mixed = flag("--allow-mixed", "Add to a store made with other code or other values.")

# -- where it is run ------------------------------------------------------------------------------

jobs = whole("--jobs", least=1, help="Processes to run on  [default: all cores].")
cluster = value("--cluster", "tcp://HOST:PORT", "Run on this Dask cluster instead.")
_serial = flag("--serial", "Run in this process alone, for a debugger.")


class Workers(NamedTuple):
    """Where runs are made, as :func:`sim.runs.batch.hired` takes it."""

    jobs: int | None
    executor: str | None


def _workers(jobs: int | None, serial: bool, cluster: str | None = None) -> Workers:
    if cluster and (jobs or serial):
        raise click.UsageError("--cluster runs elsewhere: leave out --jobs and --serial.")
    if serial and jobs:
        raise click.UsageError("--serial is one process: leave out --jobs.")
    return Workers(jobs, "serial" if serial else cluster)


workers = together("workers", _workers, [jobs, _serial])
"""``--jobs`` and ``--serial``."""
workers_anywhere = together("workers", _workers, [jobs, cluster, _serial])
"""The same, and ``--cluster``."""

# -- uncertain parameters -------------------------------------------------------------------------

year = value(
    "--year",
    "YEAR",
    "Let the first year of each run lie as this past year did, if the posterior knows it: "
    "2016; or as the coming one may  [default: coming].",
)


def drawn(
    draws: str, otherwise: str = "the shipped posterior", posterior: str | None = None
) -> Asked:
    """``--posterior``, ``--draws`` and ``--year``, as ``wanted``.

    ``draws`` and ``posterior`` are words of help, ``otherwise`` what holds without the option.
    """
    usual = (
        f"Draw the uncertain parameters from this, as 'panj batch' does  [default: {otherwise}]."
    )
    source = value("--posterior", "FOLDER|FILE.csv|prior|none", posterior or usual)
    count = whole("--draws", least=1, metavar="K", help=f"{draws}  [default: 100].")
    return together("wanted", Wanted, [source, count, year])


# -- what is read and compared --------------------------------------------------------------------

store = click.argument("folder", metavar="STORE", type=PATH, shell_complete=complete.stores)
"""The folder of a store that is read."""

baseline = value(
    "--baseline",
    "NAME",
    "Compare the others with this scenario.",
    default="baseline",
    show_default=True,
    shell_complete=complete.scenarios,
)
scenarios = value(
    "--scenarios",
    "A,B",
    "Look at these scenarios instead of all.",
    callback=names,
    shell_complete=complete.scenario_list,
)
confidence = number(
    "--confidence", default=0.9, metavar="P", help="Confidence of intervals and verdicts."
)


def outcome(help: str, flag: str = "--outcome") -> Asked:
    """One outcome; victims unless another is named."""
    return value(
        flag, "NAME", help, default="victims", show_default=True, shell_complete=complete.outcomes
    )


def outcomes(help: str) -> Asked:
    """``--outcomes``, names between commas."""
    return value("--outcomes", "A,B", help, callback=names, shell_complete=complete.outcomes)


def measured(flag: str, help: str) -> Asked:
    """Outcomes, each with a number."""
    return value(flag, "OUTCOME:X", help, multiple=True, shell_complete=complete.measured)


harm = value(
    "--harm", "NAME", "Open verdicts and rank by this outcome.", shell_complete=complete.outcomes
)


def seeds(help: str) -> Asked:
    """``--seeds``, a folder of tables of one's own."""
    return value("--seeds", "DIR", help, type=PATH)


# -- how it is told -------------------------------------------------------------------------------


def _picture(plot: Path | None, force: bool) -> Path | None:
    """The file of ``--plot``; one that cannot be written is refused first."""
    if plot is not None:
        check_picture(plot, force=force)
    elif force:
        raise click.UsageError("--force is of a picture: give --plot FILE too.")
    return plot


picture = together(
    "plot",
    _picture,
    [
        value("--plot", "FILE", "Draw it to this .svg, .png or .pdf file.", type=NEW_PATH),
        replacing("a picture"),
    ],
)
as_json = flag("--json", "Print one JSON object for machines, nothing else.", "as_json")
