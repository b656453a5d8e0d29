"""Rules of command: alert rules, allocation rules, and those defined by users."""
