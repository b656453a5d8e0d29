"""When a policy fails: boxes of parameters in which it does worse than a baseline.

Scenario discovery (Bryant and Lempert 2010) that tries every box of one or two limits. Luck decides
most of a single year, so the search is for boxes in which the *mean* paired difference is greater,
and the result is compared with what the same search finds in luck alone.
"""
