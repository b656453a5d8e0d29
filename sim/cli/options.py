"""Options that mean the same wherever they appear."""

import errno
import json
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from sim.cli import complete

LARGEST_SEED: Final = 2**63 - 1


def _permit(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    """Allow code of one's own until the command ends."""
    if wanted:
        from sim.rules import own

        own.permit()
        context.find_root().call_on_close(own.forbid)


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


type Asked = Callable[[Any], Any]
"""What makes an option of a command."""


def one_process(serial: bool, jobs: int | None) -> None:
    """Refuse a number of processes for the one that ``--serial`` asks for."""
    if serial and jobs:
        raise click.UsageError("--serial is one process: leave out --jobs.")


def names(_: object, __: object, text: str | None) -> list[str] | None:
    """Names between commas; ``None`` where nothing was given."""
    if text is None:
        return None
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise click.BadParameter("there is no name; write names between commas, or leave it out.")
    return found


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


def output(metavar: str, help: str, **more: Any) -> Asked:
    """``-o``, the folder of what is run; it must be given."""
    names = ("-o", "--output", "folder")
    return click.option(*names, type=NEW_PATH, required=True, metavar=metavar, help=help, **more)


def drawn(draws: str, otherwise: str = "the shipped posterior") -> Asked:
    """``--posterior``, ``--draws`` and ``--year``, as :func:`sim.cli.drawn.drawn` takes them."""
    posterior = click.option(
        "--posterior",
        metavar="FOLDER|FILE.csv|prior|none",
        help="Draw the uncertain parameters from this, as 'panj batch' does  [default: "
        f"{otherwise}].",
    )
    count = whole("--draws", least=1, metavar="K", help=f"{draws}  [default: 100].")
    return lambda command: posterior(count(year(command)))


seed = whole(
    "--seed",
    most=LARGEST_SEED,
    default=1,
    help="Seed of the run; the same seed gives the same run.",
)


def settings[R](command: Callable[..., R]) -> Callable[..., R]:
    """``--set`` and ``--ground``, handed to the command as one list of settings."""

    @click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        shell_complete=complete.settings,
        help="Change one parameter of the scenario; may be repeated.",
    )
    @click.option(
        "--ground",
        metavar="FOLDER",
        help="Play on this ground: a folder, or a shipped one by name ('panj ground list').",
    )
    @wraps(command)
    def asked(
        *arguments: object, settings: tuple[str, ...], ground: str | None, **others: object
    ) -> R:
        chosen = () if ground is None else (f"ground={json.dumps(ground)}",)
        return command(*arguments, settings=(*settings, *chosen), **others)

    return asked


days = number("--days", metavar="D", help="Horizon in days instead of the scenario's.")
folder = click.option(
    "-o",
    "--output",
    "folder",
    type=NEW_PATH,
    metavar="DIR",
    help="Write the result to this new folder.",
)
store = click.argument(
    "folder", metavar="STORE", type=click.Path(path_type=Path), shell_complete=complete.stores
)
"""The folder of a store that is read."""

force = click.option("--force", is_flag=True, help="Replace a result that is already there.")


def picture[R](command: Callable[..., R]) -> Callable[..., R]:
    """``--plot FILE`` and ``--force``: a file that cannot be written is refused first."""

    @click.option(
        "--plot", type=NEW_PATH, metavar="FILE", help="Draw it to this .svg, .png or .pdf file."
    )
    @click.option("--force", is_flag=True, help="Replace a picture that is already there.")
    @wraps(command)
    def asked(*arguments: object, plot: Path | None, force: bool, **others: object) -> R:
        if plot is not None:
            from sim.cli.new_file import check_picture

            check_picture(plot, force=force)
        elif force:
            raise click.UsageError("--force is of a picture: give --plot FILE too.")
        return command(*arguments, plot=plot, **others)

    return asked


def some_scenarios[R](
    name: str, metavar: str = "SCENARIO..."
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """One scenario or several, as the parameter ``name``."""
    return click.argument(
        name, metavar=metavar, nargs=-1, required=True, shell_complete=complete.scenarios
    )


baseline = click.option(
    "--baseline",
    default="baseline",
    show_default=True,
    metavar="NAME",
    shell_complete=complete.scenarios,
    help="Compare the others with this scenario.",
)
scenarios = click.option(
    "--scenarios",
    metavar="A,B",
    callback=names,
    shell_complete=complete.scenario_list,
    help="Look at these scenarios instead of all.",
)
jobs = whole("--jobs", least=1, help="Processes to run on  [default: all cores].")
serial = click.option("--serial", is_flag=True, help="Run in this process alone, for a debugger.")
cluster = click.option(
    "--cluster", metavar="tcp://HOST:PORT", help="Run on this Dask cluster instead."
)
year = click.option(
    "--year",
    metavar="YEAR",
    help="Let the first year of each run lie as this past year did, if the posterior knows it: "
    "2016; or as the coming one may  [default: coming].",
)
allow_code = click.option(
    "--allow-code",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_permit,
    help="Import the rules of your own that a scenario names as MODULE:CLASS.",
)
allow_mixed = click.option(
    "--allow-mixed", is_flag=True, help="Add to a store made with other code or other values."
)
harm = click.option(
    "--harm",
    metavar="NAME",
    shell_complete=complete.outcomes,
    help="Open verdicts and rank by this outcome.",
)
confidence = number(
    "--confidence", default=0.9, metavar="P", help="Confidence of intervals and verdicts."
)
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object for machines, nothing else."
)
