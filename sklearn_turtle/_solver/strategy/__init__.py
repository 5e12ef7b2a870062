"""From random weights to one labeling: restarts, merging, polish, calibration."""
