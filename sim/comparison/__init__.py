"""Scenarios compared with a baseline, replicate by replicate; ``sim.compare`` gives the answer."""
