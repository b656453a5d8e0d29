"""What holds for every test: the same commit gets the same verdict, and no test is timed."""

import os

from hypothesis import settings

# Before anything imports matplotlib: pictures are drawn without a screen.
os.environ["MPLBACKEND"] = "Agg"

settings.register_profile("panj", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("panj")
