"""Reproduce the comparisons of the TURTLE paper: baselines and a benchmark."""
