"""Commands in this process, and what they say."""

import click
import pytest

from sim.cli.main import main


def panj(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> str:
    """What ``panj WORDS`` prints, without bold and colours."""
    capsys.readouterr()
    assert main([*map(str, words)]) == status
    return click.unstyle(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """The one message of a mistake, after which a command has said nothing else."""
    capsys.readouterr()
    assert main([*map(str, words)]) == 2, words
    out, err = capsys.readouterr()
    assert out == "", words
    assert err.startswith("error: "), (words, err)
    assert "Traceback" not in err
    return err
