"""Rows of the spaces: features, mini-batches, random draws, and processes that share them."""
