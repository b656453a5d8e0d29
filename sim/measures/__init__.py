"""The outcomes of a run: each is one entry with its description and its function."""
