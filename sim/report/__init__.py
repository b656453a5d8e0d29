"""Figures of what happened; each function returns a matplotlib ``Figure``."""
