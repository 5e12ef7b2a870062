"""The linear labeling of a fitted estimator: its coefficients, numbering and predictions."""
