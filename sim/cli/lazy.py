"""A group of commands whose code is imported when one of them is used, not to list them."""

from importlib import import_module

import click


class Deferred(click.Command):
    """Stands for a command in a list: its name, its one line of help, and where it lives."""

    def __init__(self, name: str, home: str, summary: str) -> None:
        super().__init__(name, short_help=summary)
        self._home = home

    def load(self) -> click.Command:
        """Import the command: ``home`` reads ``package.module:attribute``."""
        module, _, attribute = self._home.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._home} is not a command")
        return command


class LazyGroup(click.Group):
    """Imports a :class:`Deferred` command at the moment it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first in ``args``, with its real code."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest
