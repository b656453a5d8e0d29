"""What is measured of a run: each outcome is one entry, with its words and its function."""
