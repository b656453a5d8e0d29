"""The command ``panj`` itself: its verbs, and how every failure is said.

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
from sim.cli.lazy import Deferred, LazyGroup
from sim.cli.terminal import check_text, guarded
from sim.errors import PanjError

USER_MISTAKE: Final = 2
INTERRUPTED: Final = 130
COMPLETING: Final = "_PANJ_COMPLETE"
"""Set by a shell that asks what TAB may offer."""

_ENDLESS: Final = re.compile(r"\S{400,}")
_BEGINNING: Final = 60

COMMANDS: Final = tuple(
    Deferred(name, summary)
    for name, summary in {
        "run": "Run one SCENARIO once and show what happened.",
        "batch": "Run each SCENARIO many times, into a store.",
        "compare": "Compare the scenarios in STORE with a baseline, pair by pair.",
        "discover": "Find where in the space of the parameters a policy loses.",
        "rare": "Estimate how likely a grave year is in each SCENARIO.",
        "sensitivity": "Tell which parameters and levers move an outcome of SCENARIO.",
        "alerts": "Tell how well a rule's alarms foretell attacks.",
        "incident": "Tell one incident under two policies, side by side.",
        "optimise": "Seek the mix of levers that does least harm for a budget.",
        "plot": "Draw the scenarios in STORE against a baseline.",
        "calibrate": "Learn uncertain parameters of SCENARIO from all reported years.",
        "verify": "Put the model into limiting cases and compare it with theory.",
        "report": "Write one page about the scenarios in STORE.",
        "lab": "Start, watch, stop and read batches of STORE in the browser.",
        "view": "Watch SCENARIO in the browser, until Ctrl-C.",
        "replay": "Write a run of SCENARIO as one HTML file that plays offline.",
        "outcomes": "Tell what outcomes are, or one by NAME.",
        "seeds": "Show what was reported, and read tables of your own.",
        "store": "Look into a store: contents, checks, SQL, export.",
        "bundle": "Put the study in STORE into one file that can be made again.",
        "scenario": "List, show, check and compare scenarios.",
        "ground": "List, show and check grounds: frontiers to play on.",
        "demo": "Run, compare and draw three policies, and say how.",
        "help": "Tell about panj, or about one COMMAND.",
    }.items()
)
"""Each lives in the module of its name."""


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

'panj help COMMAND' tells more about a command.""",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="panj", message="%(prog)s %(version)s"
)
def panj() -> None:
    """A laboratory for border-security policy on the Tajik-Afghan frontier.

    Posts, sites and villages are synthetic; results are told by district. What comes out is
    conditional on the assumptions of a scenario and claims nothing about any real group.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; a user's mistake shows no traceback."""
    # No plugin of pydantic's changes a scenario; to look for one, it asks all that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with guarded():
        return _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> int:
    command = shlex.join(["panj", *arguments])
    try:
        check_text(arguments)
        if COMPLETING in os.environ:
            import_module("sim.cli.complete")  # what it says of bash is asked for before any verb
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
        return _refuse(f"{error.filename}: the name is too long.")
    return status if isinstance(status, int) else 0


def _refuse(message: str) -> int:
    """Say what is wrong; of a word that no reader would finish, how it begins."""
    told = _ENDLESS.sub(lambda found: f"{found[0][:_BEGINNING]}...", message)
    click.echo(f"error: {told}", err=True)
    return USER_MISTAKE
