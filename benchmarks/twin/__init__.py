"""A twin of a part of Panj in fixed time steps, in the usual style of Mesa.

It has the same patrols, crossings, sign and contact. ``python -m benchmarks.twin`` shows that the
twin converges to Panj as its step shrinks, at which step it is accurate enough, and at what cost.
"""
