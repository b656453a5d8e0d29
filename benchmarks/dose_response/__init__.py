"""Dose and response: the effect of alert levels and other levers on victims per plan.

``python -m benchmarks.dose_response`` runs a frontier without smugglers and with many plans, under
each dose of each lever, and splits the effect of a level into deterrence, interception,
protection and tiredness. ``docs/alert.md`` gives the results.
"""
