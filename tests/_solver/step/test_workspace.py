import copy

import torch

from sklearn_turtle._solver.step._workspace import Workspace

CPU = torch.device("cpu")


def test_fewer_rows_share_the_memory_of_more():
    workspace = Workspace(CPU)
    whole = workspace("labels", (8, 3), torch.float32).fill_(1)
    for n_rows in (8, 5, 0):
        part = workspace("labels", (n_rows, 3), torch.float32)
        assert part.shape == (n_rows, 3)
        assert part.is_contiguous()
        assert part.data_ptr() == (whole.data_ptr() if n_rows else 0)
        assert (part == 1).all()
    assert workspace("labels", (9, 3), torch.float32).shape == (9, 3)


def test_other_tensors_have_memory_of_their_own():
    workspace = Workspace(CPU)
    addresses = {
        workspace(name, shape, dtype).data_ptr()
        for name in "ab"
        for shape in ((4, 3), (4, 2), (4,))
        for dtype in (torch.float32, torch.float64)
    }
    assert len(addresses) == len(workspace.tensors()) == 12


def test_released_memory_is_not_copied():
    workspace = Workspace(CPU)
    workspace("labels", (8, 3), torch.float32)
    assert copy.deepcopy(workspace).tensors() == []
    workspace.release()
    assert workspace.tensors() == []
    assert workspace("labels", (8, 3), torch.float32).shape == (8, 3)
