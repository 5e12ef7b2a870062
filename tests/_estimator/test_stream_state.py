import pickle
import pickletools

import numpy as np
import pytest
import skops.io
import torch

from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, _ = clear_spaces(600)
CHUNKS = [[x[start : start + 200] for x in SPACES] for start in (0, 200, 400)]


def chunked(n_chunks=2, **parameters):
    turtle = small_turtle(n_init=2, **parameters)
    for chunk in CHUNKS[:n_chunks]:
        turtle.partial_fit(chunk)
    return turtle


def modules_in(pickled):
    """Top-level modules of all objects in a pickle."""
    strings = [arg for _, arg, _ in pickletools.genops(pickled) if isinstance(arg, str)]
    return {text.partition(".")[0] for text in strings}


@pytest.mark.parametrize("scaling", ["l1", None])
def test_no_tensor_is_kept(scaling):
    turtle = chunked(scaling=scaling, inner_lr=0.1)
    assert "torch" in modules_in(pickle.dumps(torch.zeros(1)))
    assert "torch" not in modules_in(pickle.dumps(turtle))
    assert "torch" not in modules_in(pickle.dumps(turtle.fit(SPACES)))


def test_skops_writes_a_stream_that_continues():
    turtle = chunked()
    packed = skops.io.dumps(turtle)
    loaded = skops.io.loads(packed, trusted=["sklearn_turtle._turtle.TurtleClustering"])
    for stream in (turtle, loaded):
        stream.partial_fit(CHUNKS[2])
    for coef, expected in zip(loaded.coef_, turtle.coef_, strict=True):
        np.testing.assert_array_equal(coef, expected)


def test_a_chunk_leaves_the_state_before_it_as_it_was():
    turtle = chunked()
    before = turtle._stream_
    parameters = [array.copy() for array in before["encoder"]]
    turtle.partial_fit(CHUNKS[2])
    assert turtle._stream_ is not before
    for array, expected in zip(before["encoder"], parameters, strict=True):
        np.testing.assert_array_equal(array, expected)


def test_the_outer_rate_may_change_between_chunks():
    turtle, slower = chunked(), chunked().set_params(outer_lr=1e-9)
    before = slower.coef_[0]
    for stream in (turtle, slower):
        stream.partial_fit(CHUNKS[2])
    assert np.abs(turtle.coef_[0] - before).max() > 10 * np.abs(slower.coef_[0] - before).max()
