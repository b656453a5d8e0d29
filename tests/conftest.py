"""What holds for every test: the same commit gets the same verdict, and no test is timed."""

import os
import sys

from hypothesis import settings

# Before anything imports matplotlib: pictures are drawn without a screen.
os.environ["MPLBACKEND"] = "Agg"

# What is compiled once serves both workers, and every command that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A law is tried with as many examples as show that it holds; `--hypothesis-profile=thorough` tries
# many more, where a law does not name a number of its own.
settings.register_profile("panj", max_examples=30, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("panj"), max_examples=300)
settings.load_profile("panj")
