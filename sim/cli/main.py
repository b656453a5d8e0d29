"""The command ``panj``: the list of its commands, and the message and exit status of a failure.

Exit status: 0, 1 (a check failed), 2 (the user's mistake), 130 (interrupted). A reader who leaves
early ("| head") changes none of them.
"""

import errno
import os
import re
import shlex
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from sim import __version__
from sim.cli.terminal import check_arguments, safe_output
from sim.errors import PanjError

USER_MISTAKE: Final = 2
INTERRUPTED: Final = 130
COMPLETING: Final = "_PANJ_COMPLETE"
"""A shell sets this variable when it asks for completions."""

_LONG_WORD: Final = re.compile(r"\S{400,}")
_KEPT: Final = 60


class LazyCommand(click.Command):
    """The name of a command and its one line of help; its module is imported when it is used."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__(name, short_help=summary)

    def load(self) -> click.Command:
        """Import the command; its module has the same name."""
        command: click.Command = getattr(import_module(f"sim.cli.{self.name}"), str(self.name))
        return command


class LazyGroup(click.Group):
    """A group that imports a :class:`LazyCommand` when it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first in ``args``, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, LazyCommand) else command, rest


COMMANDS: Final = tuple(
    LazyCommand(name, summary)
    for name, summary in {
        "run": "Run one SCENARIO once and show what happened.",
        "batch": "Run each SCENARIO many times and keep the results in a store.",
        "compare": "Compare the scenarios in STORE with a baseline, pair by pair.",
        "discover": "Find the parameter values for which a policy does worse.",
        "rare": "Estimate the probability of a grave year in each SCENARIO.",
        "sensitivity": "Show which parameters and levers change an outcome of SCENARIO.",
        "alerts": "Show how well the alarms of an alert rule predict attacks.",
        "incident": "Show one incident under two policies, side by side.",
        "optimise": "Find the mix of levers that does least harm for a budget.",
        "plot": "Draw the scenarios in STORE against a baseline.",
        "calibrate": "Learn uncertain parameters of SCENARIO from all reported years.",
        "verify": "Compare the model with theory in limiting cases.",
        "report": "Write a report on the scenarios in STORE as one HTML page.",
        "lab": "Start, watch, stop and read batches of STORE in the browser.",
        "view": "Watch SCENARIO in the browser.",
        "replay": "Write a run of SCENARIO as one HTML file that plays offline.",
        "outcomes": "List the outcomes, or describe the outcome NAME.",
        "seeds": "Show the reported incidents and figures, and import your own.",
        "store": "Inspect a store: contents, checks, SQL, export.",
        "bundle": "Pack the study in STORE into one file, for others to repeat.",
        "scenario": "List, show, check and compare scenarios.",
        "ground": "List, show and check grounds: the frontiers that scenarios use.",
        "demo": "Run, compare and draw three policies, and show the commands.",
        "help": "Show help about panj, or about COMMAND.",
    }.items()
)
"""Each is defined in the module with its name."""


@click.group(
    cls=LazyGroup,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  panj demo
  panj scenario list
  panj run baseline
  panj run baseline --seed 7 --days 90 --set patrols.sorties_per_day=4
  panj run baseline --plot -o results/baseline

Use 'panj help COMMAND' for the help of a command.""",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="panj", message="%(prog)s %(version)s"
)
def panj() -> None:
    """A laboratory for border-security policy on the Tajik-Afghan frontier.

    Posts, sites and villages are synthetic, and no result is finer than a district. Results depend
    on the assumptions of a scenario and make no claim about any real group.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; a mistake of the user shows no traceback."""
    # pydantic would search all installed packages for plugins, and none changes a scenario
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with safe_output():
        return _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> int:
    command = shlex.join(["panj", *arguments])
    try:
        check_arguments(arguments)
        if COMPLETING in os.environ:
            import_module("sim.cli.completion")  # it registers the completion of bash
        status = panj.main(arguments, prog_name="panj", standalone_mode=False, obj=command)
        sys.stdout.flush()
    except PanjError as error:
        return _refuse(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USER_MISTAKE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "panj"
        return _refuse(f"{error.format_message()}\nTry '{path} --help'.")
    except click.ClickException as error:
        return _refuse(error.format_message())
    except click.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return _refuse(f"{error.filename}: the name is too long; give a shorter one.")
    return status if isinstance(status, int) else 0


def _refuse(message: str) -> int:
    """Print an error message; a word too long to read is cut short."""
    short = _LONG_WORD.sub(lambda match: f"{match[0][:_KEPT]}...", message)
    click.echo(f"error: {short}", err=True)
    return USER_MISTAKE
