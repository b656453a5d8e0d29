"""What happened: record types, their telling, and the tables of what was reported."""
