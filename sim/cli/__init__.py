"""The command ``panj``: one file per command; heavy modules are imported only when needed."""
