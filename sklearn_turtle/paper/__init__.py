"""What the paper compares: baselines, and the benchmark of all methods."""
