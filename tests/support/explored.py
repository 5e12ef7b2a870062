"""A clustering to look at and to edit."""

from tests.support.two_spaces import small_turtle


def blob_turtle(**parameters):
    """A TurtleClustering that finds the blobs of ``two_spaces`` quickly."""
    return small_turtle(**{"max_iter": 50, "polish_iter": 10, **parameters})
