"""One incident under two policies or more: the same group, the same night, the same intent."""
