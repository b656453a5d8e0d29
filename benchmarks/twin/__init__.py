"""The same patrols, crossings, sign and contact in fixed steps of time, on Mesa as it comes.

A twin of a part of Panj, to be compared with it: ``python -m benchmarks.twin`` shows that the
twin tends to Panj as its step shrinks, at which step it is good enough, and what that costs.
"""
