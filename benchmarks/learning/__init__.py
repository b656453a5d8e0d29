"""``python -m benchmarks.learning``: how well the calibration predicts, and finds what is known.

Two questions, each with its table. *Prediction*: a year is left out of the table of years, and
what was told of it is scored under what the others predict. *Recovery*: data sets of ten years
whose parameters are known are given to the calibration, which never sees the truth.
"""
