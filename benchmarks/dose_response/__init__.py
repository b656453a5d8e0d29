"""What alert levels and other levers do to victims per plan, and by what: dose and response.

``python -m benchmarks.dose_response`` runs a frontier without smugglers on which many plans are
made, under each dose of each lever, and splits the effect of a level into deterrence,
interception, protection and tiredness. ``docs/alert.md`` tells what was found.
"""
