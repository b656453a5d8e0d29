"""Which unknown or lever an outcome hangs on, or the difference between two policies."""
