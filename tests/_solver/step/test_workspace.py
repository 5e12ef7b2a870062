"""Memory that every step uses again."""

import torch

from sklearn_turtle._solver.step._workspace import Workspace


def test_batches_of_fewer_rows_take_no_memory_of_their_own():
    workspace = Workspace("cpu")
    whole = workspace("labels", (8, 3), torch.float32).fill_(1)
    for n_rows in (8, 5, 0):
        part = workspace("labels", (n_rows, 3), torch.float32)
        assert part.shape == (n_rows, 3)
        assert part.is_contiguous()
        assert part.data_ptr() == (whole.data_ptr() if n_rows else 0)
        assert (part == 1).all()
    assert workspace("labels", (9, 3), torch.float32).shape == (9, 3)


def test_other_tensors_are_memory_of_their_own():
    workspace = Workspace("cpu")
    addresses = {
        workspace(name, shape, dtype).data_ptr()
        for name in "ab"
        for shape in ((4, 3), (4, 2), (4,))
        for dtype in (torch.float32, torch.float64)
    }
    assert len(addresses) == 12
