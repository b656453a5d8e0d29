"""Somebody who follows a page from its first block to its last, in a clone of their own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from pages.blocks import ROOT, Block

SERVERS = ("panj view", "panj lab", "dask ")
"""Commands that stay until they are ended."""
PATIENCE_S = 60.0
WIDE = 112


class Newcomer:
    """A fresh clone and a shell in it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "panj"
        self.said = ""
        _cloned(self.home)
        tools = folder / "bin"
        tools.mkdir()
        for name, words in {"panj": "-m sim", "python": ""}.items():
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
            tool.chmod(0o755)
        path = (str(tools), str(Path(sys.executable).parent), os.environ["PATH"])
        self.world = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "PATH": os.pathsep.join(path), "PYTHONPATH": str(self.home), "MPLBACKEND": "Agg",
            "COLUMNS": str(WIDE), "NO_COLOR": "1",
        }  # fmt: skip

    def follow(self, blocks: tuple[Block, ...]) -> None:
        """Give every block of a page that is not marked otherwise, in order."""
        for _, part in groupby(blocks, key=lambda block: block.section):
            together = list(part)
            scripts = [block for block in together if _is_script(block)]
            for block in together:
                for command in block.marks["first"]:
                    self._give(command, block)
                if block.marks["not run"]:
                    continue
                if block.marks["output"]:
                    self._compare(block)
                elif block.marks["file"]:
                    self._write(block)
                elif block.language == "sh":
                    self._commands(block)
                elif scripts and block is scripts[-1]:
                    self._script(block, "\n".join(script.to_run for script in scripts))
                elif block.language == "sql":
                    asked = f"duckdb.execute({block.to_run!r}).fetchall()"
                    self._script(block, f"import duckdb\nprint({asked})")

    def _commands(self, block: Block) -> None:
        """The lines of a block one after another; servers stay until its end."""
        serving = []
        try:
            for line in block.commands:
                if line.startswith(SERVERS):
                    serving.append(self._serve(line, block))
                else:
                    self._give(line, block)
        finally:
            for server in reversed(serving):
                _end(server)

    def _give(self, line: str, block: Block) -> None:
        """Run a command to its end; it must succeed."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=self.home, env=self.world, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{block.where}: {line}\n{done.stdout}\n{done.stderr}"
        self.said = done.stdout

    def _serve(self, line: str, block: Block) -> subprocess.Popen[str]:
        """Start what stays, and look at its page where it has one."""
        page = line.startswith("panj")
        server = subprocess.Popen(
            ["bash", "-c", f"exec {line}{' --port 0 --no-open' if page else ''}"],
            cwd=self.home, env={**self.world, "PYTHONUNBUFFERED": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert server.stdout is not None
        for said in server.stdout if page else ():
            if address := re.search(r"http://127\.0\.0\.1:\d+/\S*", said):
                with urllib.request.urlopen(address[0], timeout=PATIENCE_S) as answer:
                    assert answer.status == 200, f"{block.where}: {line}"
                return server
        time.sleep(0.0 if page else 5.0)
        assert server.poll() is None, f"{block.where}: {line} ended"
        return server

    def _script(self, block: Block, text: str) -> None:
        """Run the Python of a section as one file."""
        script = self.home / f"section_{block.line}.py"
        script.write_text(text, "utf-8")
        self._give(f"python {script.name}", block)

    def _write(self, block: Block) -> None:
        """A file that the page asks for, or the next part of it."""
        (name,) = block.marks["file"]
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        more = block.language == "python" and path.exists()
        begun = f"{path.read_text('utf-8')}\n\n" if more else ""
        path.write_text(begun + block.to_run, "utf-8")

    def _compare(self, block: Block) -> None:
        """What is shown between dots is printed, in this order, however lines are broken."""
        printed = self.said.split()
        for shown in re.split(r"^ *\.\.\.$", block.text, flags=re.M):
            words = shown.split()
            starts = range(len(printed) - len(words) + 1)
            start = next((n for n in starts if printed[n : n + len(words)] == words), None)
            assert start is not None, f"{block.where}: not printed:\n{shown}\n{self.said}"
            printed = printed[start + len(words) :]


def _is_script(block: Block) -> bool:
    return block.language == "python" and not (block.marks["file"] or block.marks["not run"])


def _cloned(home: Path) -> None:
    """The files that git would check out, as they are in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(("tests/", "docs/img/")) and (ROOT / name).exists():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, home / name)


def _end(server: subprocess.Popen[str]) -> None:
    """As Ctrl-C does."""
    server.send_signal(signal.SIGINT)
    status = server.wait(PATIENCE_S)
    assert status in (0, 130, -signal.SIGINT), server.args


@contextmanager
def newcomer() -> Iterator[Newcomer]:
    """A newcomer whose folder is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Newcomer(Path(folder))
