"""Verification: the model, put by its own parameters where theory knows the answer."""
