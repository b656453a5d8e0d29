"""``panj help COMMAND``: the same as ``panj COMMAND --help``."""

import click


@click.command()
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help(context: click.Context, words: tuple[str, ...]) -> None:
    """Show help about panj, or about COMMAND."""
    panj = context.find_root().command
    panj.main([*words, "--help"], prog_name="panj", standalone_mode=False)
