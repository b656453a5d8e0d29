"""``python -m benchmarks.learning``: how well the calibration predicts, and recovers the truth.

Two tests, each with its table. *Prediction*: a year is left out of the table of years, and its
figures are scored under the prediction from the others. *Recovery*: the calibration gets data sets
of ten years whose parameters are known to the test only.
"""
