"""Run commands in this process and return what they print."""

import click
import pytest

from sim.cli.main import main


def panj(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> str:
    """Return what ``panj WORDS`` prints, without bold and colours."""
    capsys.readouterr()
    assert main([*map(str, words)]) == status
    return click.unstyle(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Return the message of a refused command, which prints nothing else."""
    capsys.readouterr()
    assert main([*map(str, words)]) == 2, words
    out, err = capsys.readouterr()
    assert out == "", words
    assert err.startswith("error: "), (words, err)
    assert "Traceback" not in err
    return err
