"""A group of commands whose code is imported when one of them is used, not to list them."""

from importlib import import_module

import click


class Deferred(click.Command):
    """Stands for a command in a list, by its name and its one line of help."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__(name, short_help=summary)

    def load(self) -> click.Command:
        """Import the command, which has the name of its module."""
        command: click.Command = getattr(import_module(f"sim.cli.{self.name}"), str(self.name))
        return command


class LazyGroup(click.Group):
    """Imports a :class:`Deferred` command at the moment it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first in ``args``, with its real code."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest
