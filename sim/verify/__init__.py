"""Verification: the model in cases in which theory gives the answer."""
