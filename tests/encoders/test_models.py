import numpy as np
import pytest
import torch

from sklearn_turtle.encoders import ImageEncoder
from sklearn_turtle.encoders._models import dtype_of_products, import_encoder_library
from tests.support.tiny_models import TinyImageModel, expected_rows, preprocess, tiny_encoder


class TestOutputs:
    def test_not_pooled(self, images):
        encoder = ImageEncoder((torch.nn.Identity(), preprocess), device="cpu")
        with pytest.raises(ValueError, match=r"shape \(1, 8, 8, 3\) .*Pool the outputs"):
            encoder.fit(images)

    def test_not_a_matrix(self, images):
        class ReturnsDict(torch.nn.Module):
            def forward(self, batch):
                return {"pooled": batch.flatten(1)}

        with pytest.raises(TypeError, match="The model returns dict"):
            ImageEncoder((ReturnsDict(), preprocess), device="cpu").fit(images)

    def test_evaluation_mode(self, images):
        dropout = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Flatten())
        rows = ImageEncoder((dropout, preprocess), device="cpu").fit_transform(images)
        assert rows.all()


class TestPrecision:
    def test_mixed_precision(self, images):
        exact = tiny_encoder(precision="float32").fit_transform(images)
        mixed = tiny_encoder(precision="bfloat16").fit_transform(images)
        assert mixed.dtype == np.float32
        assert np.abs(mixed - exact).max() > 1e-5
        np.testing.assert_allclose(mixed, exact, atol=0.02 * np.abs(exact).max())

    @pytest.mark.parametrize(
        ("precision", "device", "has_bfloat16", "expected"),
        [
            ("auto", "cpu", True, torch.float32),
            ("auto", "mps", False, torch.float32),
            ("auto", "cuda", True, torch.bfloat16),
            ("auto", "cuda", False, torch.float16),
            ("float32", "cuda", True, torch.float32),
            ("float16", "cpu", True, torch.float16),
        ],
    )
    def test_dtype_of_products(self, monkeypatch, precision, device, has_bfloat16, expected):
        monkeypatch.setattr(
            "sklearn_turtle.encoders._models.select_precision",
            lambda precision, device: torch.bfloat16 if has_bfloat16 else torch.float32,
        )
        assert dtype_of_products(precision, torch.device(device)) == expected

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
    def test_on_cuda(self, photos, images):
        encoder = ImageEncoder((TinyImageModel(), preprocess), batch_size=5)
        rows = encoder.fit_transform(photos)
        exact = expected_rows(images, TinyImageModel())
        assert np.abs(rows - exact).max() > 1e-5
        np.testing.assert_allclose(rows, exact, atol=0.02 * np.abs(exact).max())


def test_torchvision_of_another_build(monkeypatch):
    def broken(module):
        raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setattr("sklearn_turtle._io._extras.import_module", broken)
    with pytest.raises(ImportError, match=r"nms.*torchvision, which must match the release"):
        import_encoder_library("timm", "timm")
