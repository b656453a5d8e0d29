"""The kinds of agents, one file each, and what they share; see docs/odd.md."""
