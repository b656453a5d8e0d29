"""How long a run takes, measured side by side in one process; and how the baseline looks.

``python -m benchmarks`` prints ratios; ``python -m benchmarks.plausibility`` compares many
simulated years with what is known. Neither is collected by the tests, and no time is asserted.
"""
