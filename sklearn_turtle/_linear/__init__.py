"""The fitted linear labeling: numbering of the clusters, labels and probabilities."""
