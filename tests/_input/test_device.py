import pytest
import torch

from sklearn_turtle._input._device import available_device, select_device, select_precision

CPU = torch.device("cpu")


@pytest.mark.parametrize("device", ["cpu", CPU])
def test_named_devices(device):
    assert select_device(device) == CPU


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_prefers_cuda_to_mps_to_the_cpu(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert select_device("auto") == torch.device(expected)


@pytest.mark.parametrize(
    ("device", "message"),
    [
        ("gpu", "device='gpu' cannot be used here"),
        ("cuda:99", "device='cuda:99' cannot be used here"),
        (None, "device=None cannot be used here"),
        ("meta", "holds no data"),
    ],
)
def test_unusable_devices(device, message):
    with pytest.raises(ValueError, match=message):
        select_device(device)
    assert available_device(device) == CPU


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_named_precisions(precision):
    assert select_precision(precision, CPU) == getattr(torch, precision)


@pytest.mark.parametrize(
    ("capability", "expected"), [((7, 5), torch.float32), ((8, 0), torch.bfloat16)]
)
def test_auto_precision_on_cuda(monkeypatch, capability, expected):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert select_precision("auto", torch.device("cuda")) == expected


@pytest.mark.parametrize(
    ("limit", "capabilities", "expected"),
    [
        ("AVX512", {}, torch.float32),
        ("AVX512", {"avx512_bf16": False}, torch.float32),
        ("AVX512", {"avx512_bf16": True}, torch.bfloat16),
        ("AVX512", {"amx_bf16": True}, torch.bfloat16),
        # torch is limited by ATEN_CPU_CAPABILITY
        ("AVX2", {"avx512_bf16": True, "amx_bf16": True}, torch.float32),
    ],
)
def test_auto_precision_on_the_cpu(monkeypatch, limit, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: limit)
    assert select_precision("auto", CPU) == expected


def test_auto_precision_on_mps():
    assert select_precision("auto", torch.device("mps")) == torch.float32
