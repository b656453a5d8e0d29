"""Runs and their results: a single run in a folder, and batches of runs in a store."""
