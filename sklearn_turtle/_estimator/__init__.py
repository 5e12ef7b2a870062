"""Between the estimator and the solver.

The problem, the rules behind "auto", fitted attributes, chunks of a stream, checkpoints, progress,
interruption and warnings.
"""
