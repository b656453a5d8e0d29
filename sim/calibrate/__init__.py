"""Calibration: which parameters are compatible with what was observed, and which stay open."""
