"""Tuning by hand in a notebook: ``sim.tune("baseline")``."""
