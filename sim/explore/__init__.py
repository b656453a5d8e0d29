"""Asking more of paired runs: why a policy wins, when it fails, which mix is best, and how."""
