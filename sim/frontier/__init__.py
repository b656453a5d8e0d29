"""The ground: the line, its terrain, its seasons, and the synthetic places along it."""
