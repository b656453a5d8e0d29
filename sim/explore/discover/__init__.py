"""What would have to be true for a policy to lose: boxes of parameters in which it does.

Scenario discovery (Bryant and Lempert 2010) with every box of one or two limits looked at, none by
steps. A single year is mostly luck, so the search is for boxes in which the paired difference is
greater *on average*, and what it finds is held against what it finds in luck alone.
"""
