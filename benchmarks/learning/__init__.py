"""``python -m benchmarks.learning``: rivals of the calibration, and how well each predicts.

Two questions, each with its table. *Prediction*: a year is left out of the table of years, and
what was told of it is scored under what the others predict. *Recovery*: data sets of ten years
whose parameters are known are given to several engines of inference, which never see the truth.
"""
