"""Models of the real timm and open_clip, tiny and with random weights."""

import json
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from sklearn_turtle.encoders import IMAGE_MODELS, ImageEncoder
from tests.support.tiny_models import TinyImageModel, expected_rows, lengths, preprocess

TEXT = {"context_length": 4, "vocab_size": 9, "width": 64, "heads": 1, "layers": 1}
TINY_CLIPS = {
    "vit": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
    "resnet": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 4, "patch_size": None},
    "timm": {
        "image_size": 32,
        "timm_model_name": "test_vit",
        "timm_model_pretrained": False,
        "timm_pool": "map",
        "timm_proj": "none",
    },
}


def clip_config(kind):
    config = {"embed_dim": 64, "vision_cfg": TINY_CLIPS[kind], "text_cfg": TEXT}
    return config | ({"init_logit_bias": -10} if kind == "timm" else {"quick_gelu": True})


def make_open_clip(open_clip, kind):
    """A model of open_clip with random weights."""
    torch.manual_seed(0)
    model_class = open_clip.CustomTextCLIP if kind == "timm" else open_clip.CLIP
    return model_class(**clip_config(kind)).eval()


class TestOpenClip:
    @pytest.mark.parametrize("kind", TINY_CLIPS)
    def test_folder(self, open_clip, tmp_path, images, kind):
        settings = {"mean": [0.5, 0.4, 0.3], "std": [0.5, 0.4, 0.3], "interpolation": "bicubic"}
        config = clip_config(kind) | {"custom_text": kind == "timm"}
        (tmp_path / "open_clip_config.json").write_text(
            json.dumps({"model_cfg": config, "preprocess_cfg": settings})
        )
        module = make_open_clip(open_clip, kind)
        torch.save(module.state_dict(), tmp_path / "open_clip_pytorch_model.bin")
        encoder = ImageEncoder(tmp_path, device="cpu", batch_size=5)
        rows = encoder.fit_transform(images)
        prepare = open_clip.image_transform(
            32, is_train=False, mean=(0.5, 0.4, 0.3), std=(0.5, 0.4, 0.3)
        )
        with torch.no_grad():
            expected = module.encode_image(torch.stack([prepare(image) for image in images]))
        assert encoder.n_features_out_ == 64
        np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)

    @pytest.mark.parametrize("name", [name for name, m in IMAGE_MODELS.items() if "clip" in str(m)])
    def test_short_name(self, open_clip, images, monkeypatch, name):
        """The library lists the name, and a tiny version returns the rows of the library."""
        model = IMAGE_MODELS[name]
        assert (model.architecture, model.weights) in open_clip.list_pretrained()
        config = open_clip.get_model_config(model.architecture)
        if name.startswith("clip-"):
            assert config["quick_gelu"]
        kind = "resnet" if isinstance(config["vision_cfg"].get("layers"), list) else "vit"
        kind = "timm" if "timm_model_name" in config["vision_cfg"] else kind
        module = make_open_clip(open_clip, kind)

        def create(architecture, pretrained):
            assert (architecture, pretrained) == (model.architecture, model.weights)
            return module, open_clip.image_transform(32, is_train=False)

        monkeypatch.setattr(open_clip, "create_model_from_pretrained", create)
        rows = ImageEncoder(name, device="cpu").fit_transform(images[:2])
        prepare = open_clip.image_transform(32, is_train=False)
        with torch.no_grad():
            expected = module.encode_image(torch.stack([prepare(image) for image in images[:2]]))
        np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)


class TestTimm:
    def test_folder_and_model_in_memory(self, timm, tmp_path, images):
        module = timm.create_model("test_vit", num_classes=7).eval()
        timm.models.save_for_hf(module, tmp_path)
        config = timm.data.resolve_model_data_config(module)
        prepare = timm.data.create_transform(**config, is_training=False)
        with torch.no_grad():
            batch = torch.stack([prepare(image) for image in images])
            expected = module.forward_head(module.forward_features(batch), pre_logits=True)
        rows = ImageEncoder(str(tmp_path), device="cpu").fit_transform(images)
        assert rows.shape == (12, module.num_features)
        np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)
        module.reset_classifier(0)
        given = ImageEncoder(module, device="cpu").fit_transform(images)
        np.testing.assert_allclose(given, expected.numpy(), atol=1e-5)

    def test_cache_identifies_a_folder_by_its_files(self, timm, tmp_path, images):
        model, cache = tmp_path / "model", tmp_path / "cache"
        for seed in (0, 1):
            torch.manual_seed(seed)
            timm.models.save_for_hf(timm.create_model("test_vit", num_classes=0), model)
            for n_encoded in (3, 0):
                encoder = ImageEncoder(model, device="cpu", cache=cache).fit(images)
                encoder.transform(images[:3])
                assert encoder.n_encoded_ == n_encoded

    @pytest.mark.parametrize("name", [name for name in IMAGE_MODELS if name.startswith("dino")])
    def test_short_name(self, timm, images, monkeypatch, name):
        """The library lists the name, and a tiny version returns the class token."""
        assert IMAGE_MODELS[name].name in timm.list_pretrained()
        create = timm.create_model
        created = []

        def create_tiny(name, pretrained, **options):
            assert pretrained
            torch.manual_seed(0)
            created.append(create(name, depth=1, embed_dim=48, num_heads=2, **options).eval())
            return created[-1]

        monkeypatch.setattr(timm, "create_model", create_tiny)
        prepare = IMAGE_MODELS[name].load().prepare
        rows = ImageEncoder(name, device="cpu").fit_transform(images[:2])
        size = 224 if name.startswith("dinov2") else 256
        prepared = torch.stack([prepare(image) for image in images[:2]])
        assert prepared.shape == (2, 3, size, size)
        with torch.no_grad():
            tokens = created[0].forward_features(prepared)
        np.testing.assert_allclose(rows, tokens[:, 0].numpy(), atol=1e-5)

    def test_dinov2_preprocessing(self, timm, monkeypatch):
        """As by its authors: resize to 256, crop the central 224 pixels, normalize."""
        create = timm.create_model
        monkeypatch.setattr(
            timm,
            "create_model",
            lambda name, pretrained, **options: create(name, depth=1, embed_dim=48, **options),
        )
        prepare = IMAGE_MODELS["dinov2-vitb14"].load().prepare
        image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))
        resized = image.resize((341, 256), Image.Resampling.BICUBIC)
        left, top = round((341 - 224) / 2), 16
        cropped = np.array(resized.crop((left, top, left + 224, top + 224)), dtype=np.float32) / 255
        expected = (cropped - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
        np.testing.assert_allclose(prepare(image).movedim(0, 2), expected, atol=1e-4)

    def test_missing_library(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "timm", None)
        with pytest.raises(ImportError, match=r"needs timm: .*sklearn-turtle\[encoders\]"):
            ImageEncoder("dinov2-vits14").fit()


class TestGivenModel:
    def test_encode_image_is_preferred(self, images):
        class Clip(TinyImageModel):
            def encode_image(self, batch):
                return 2 * super().forward(batch)

            def forward(self, batch):
                raise AssertionError("not this one")

        rows = ImageEncoder((Clip(), preprocess), device="cpu").fit_transform(images)
        np.testing.assert_allclose(rows, 2 * expected_rows(images, TinyImageModel()), rtol=1e-5)

    def test_cached_function_needs_a_key(self, tmp_path):
        with pytest.raises(ValueError, match=r"cannot identify a model of type function.*key"):
            ImageEncoder((lengths, preprocess), cache=tmp_path).fit()
