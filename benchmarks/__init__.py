"""The cost of a run, measured side by side in one process, and how plausible the baseline is.

``python -m benchmarks`` prints ratios; ``python -m benchmarks.plausibility`` compares many
simulated years with what is known. The tests run neither and assert no time.
"""
