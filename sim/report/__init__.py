"""Figures of what happened, each a matplotlib ``Figure``, and the page that reports a batch."""
