"""Models of timm and open_clip: the real libraries, tiny models, random weights."""

import json
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
import torch

from sklearn_turtle.encoders import IMAGE_MODELS, ImageEncoder
from sklearn_turtle.encoders._image_models import OpenClipModel, TimmModel, find_image_model
from tests.support.torchvision_operators import import_or_skip


@pytest.fixture(scope="module")
def timm():
    return import_or_skip("timm")


@pytest.fixture(scope="module")
def open_clip():
    return import_or_skip("open_clip")


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
    class_ = open_clip.CustomTextCLIP if kind == "timm" else open_clip.CLIP
    return class_(**clip_config(kind)).eval()


@pytest.mark.parametrize("kind", TINY_CLIPS)
def test_folder_of_open_clip(open_clip, tmp_path, images, kind):
    settings = {"mean": [0.5, 0.4, 0.3], "std": [0.5, 0.4, 0.3], "interpolation": "bicubic"}
    config = clip_config(kind) | {"custom_text": kind == "timm"}
    (tmp_path / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": config, "preprocess_cfg": settings})
    )
    module = make_open_clip(open_clip, kind)
    torch.save(module.state_dict(), tmp_path / "open_clip_pytorch_model.bin")
    encoder = ImageEncoder(tmp_path, device="cpu", batch_size=5)
    rows = encoder.fit_transform(images)
    preprocess = open_clip.image_transform(
        32, is_train=False, mean=(0.5, 0.4, 0.3), std=(0.5, 0.4, 0.3)
    )
    with torch.no_grad():
        expected = module.encode_image(torch.stack([preprocess(image) for image in images]))
    assert encoder.n_features_out_ == 64
    np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)


def test_folder_of_timm(timm, tmp_path, images):
    module = timm.create_model("test_vit", num_classes=7).eval()
    timm.models.save_for_hf(module, tmp_path)
    config = timm.data.resolve_model_data_config(module)
    preprocess = timm.data.create_transform(**config, is_training=False)
    with torch.no_grad():
        batch = torch.stack([preprocess(image) for image in images])
        expected = module.forward_head(module.forward_features(batch), pre_logits=True)
    rows = ImageEncoder(str(tmp_path), device="cpu").fit_transform(images)
    assert rows.shape == (12, module.num_features)
    np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)
    module.reset_classifier(0)
    given = ImageEncoder(module, device="cpu").fit_transform(images)
    np.testing.assert_allclose(given, expected.numpy(), atol=1e-5)


def test_folder_is_known_by_its_files(timm, tmp_path, images):
    model, cache = tmp_path / "model", tmp_path / "cache"
    for seed in (0, 1):
        torch.manual_seed(seed)
        timm.models.save_for_hf(timm.create_model("test_vit", num_classes=0), model)
        for n_encoded in (12, 0):
            encoder = ImageEncoder(model, device="cpu", cache=cache).fit(images)
            encoder.transform(images)
            assert encoder.n_encoded_ == n_encoded


def test_folder_without_a_model(tmp_path):
    with pytest.raises(ValueError, match=r"open_clip_config\.json"):
        ImageEncoder(tmp_path).fit()


@pytest.mark.parametrize("name", [name for name, m in IMAGE_MODELS.items() if "clip" in str(m)])
def test_short_names_of_open_clip(open_clip, images, monkeypatch, name):
    """Each is in the library's list; made tiny, it gives what the library gives."""
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
    with torch.no_grad():
        preprocess = open_clip.image_transform(32, is_train=False)
        expected = module.encode_image(torch.stack([preprocess(image) for image in images[:2]]))
    np.testing.assert_allclose(rows, expected.numpy(), atol=1e-5)


@pytest.mark.parametrize("name", [name for name in IMAGE_MODELS if name.startswith("dino")])
def test_short_names_of_timm(timm, images, monkeypatch, name):
    """Each is in the library's list; made tiny, it gives the class token."""
    assert IMAGE_MODELS[name].name in timm.list_pretrained()
    create = timm.create_model
    made = []

    def create_tiny(name, pretrained, **options):
        assert pretrained
        torch.manual_seed(0)
        made.append(create(name, depth=1, embed_dim=48, num_heads=2, **options).eval())
        return made[-1]

    monkeypatch.setattr(timm, "create_model", create_tiny)
    encoder = ImageEncoder(name, device="cpu")
    rows = encoder.fit_transform(images[:2])
    size = 224 if name.startswith("dinov2") else 256
    prepared = torch.stack([encoder._loaded.prepare(image) for image in images[:2]])
    assert prepared.shape == (2, 3, size, size)
    with torch.no_grad():
        tokens = made[0].forward_features(prepared)
    np.testing.assert_allclose(rows, tokens[:, 0].numpy(), atol=1e-5)


def test_dinov2_is_prepared_as_its_authors_do(timm, monkeypatch):
    """The shorter side becomes 256, of which the middle 224 are taken, normalized as ImageNet."""
    from PIL import Image

    create = timm.create_model
    monkeypatch.setattr(
        timm,
        "create_model",
        lambda name, pretrained, **options: create(name, depth=1, embed_dim=48, **options),
    )
    prepare = find_image_model("dinov2-vitb14").load().prepare
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8))
    resized = image.resize((341, 256), Image.Resampling.BICUBIC)
    left, top = round((341 - 224) / 2), 16
    cropped = np.array(resized.crop((left, top, left + 224, top + 224)), dtype=np.float32) / 255
    expected = (cropped - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(prepare(image).movedim(0, 2), expected, atol=1e-4)


def test_the_models_of_the_paper_have_short_names():
    paper = ["rn50", "rn101", "rn50x4", "rn50x16", "rn50x64", "vit-b32", "vit-b16", "vit-l14"]
    assert {f"clip-{name}" for name in paper} | {"dinov2-vitg14"} <= set(IMAGE_MODELS)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("timm:resnet50.a1_in1k", TimmModel("resnet50.a1_in1k")),
            ("timm:hf-hub:timm/vit", TimmModel("hf-hub:timm/vit")),
            ("open_clip:ViT-B-32/laion2b", OpenClipModel("ViT-B-32", "laion2b")),
            ("open_clip:hf-hub:org/vit", OpenClipModel("hf-hub:org/vit")),
        ],
    )
    def test_with_the_library(self, name, expected):
        assert find_image_model(name) == expected
        assert str(find_image_model(name)) == name

    def test_without_the_library(self, timm, open_clip):
        assert find_image_model("resnet50.a1_in1k") == TimmModel("resnet50.a1_in1k")
        assert find_image_model("ViT-B-32/openai") == OpenClipModel("ViT-B-32", "openai")

    def test_unknown(self, timm, open_clip):
        for name in ("clip-vit-l15", "photos/cats"):
            with pytest.raises(ValueError, match=r"is no folder and no name.*clip-vit-l14.*timm:"):
                find_image_model(name)

    def test_weights_of_open_clip_are_named(self):
        with pytest.raises(ValueError, match="names no weights"):
            find_image_model("open_clip:ViT-B-32")

    @pytest.mark.parametrize("name", ["clip-vit-l14", "dinov2-vitg14"])
    def test_a_name_is_known_in_the_cache_without_its_library(self, name, monkeypatch):
        monkeypatch.setattr("sklearn_turtle.encoders._digests.version", lambda package: "1.0")
        settings = IMAGE_MODELS[name].settings()
        assert settings["version"] == "1.0"
        json.dumps(settings)

    def test_missing_library(self, monkeypatch):
        def missing(module):
            raise ImportError(f"No module named {module}")

        monkeypatch.setattr("sklearn_turtle._io._extras.import_module", missing)
        with pytest.raises(ImportError, match=r"needs timm: .*sklearn-turtle\[encoders\]"):
            ImageEncoder("dinov2-vits14").fit()

    def test_missing_library_and_a_cache(self, monkeypatch, tmp_path):
        def missing(package):
            raise PackageNotFoundError(package)

        monkeypatch.setattr("sklearn_turtle.encoders._digests.version", missing)
        with pytest.raises(ImportError, match=r"needs timm: .*sklearn-turtle\[encoders\]"):
            ImageEncoder("dinov2-vits14", cache=tmp_path).fit()

    def test_torchvision_of_another_build(self, monkeypatch):
        def broken(module):
            raise RuntimeError("operator torchvision::nms does not exist")

        monkeypatch.setattr("sklearn_turtle._io._extras.import_module", broken)
        with pytest.raises(ImportError, match=r"nms.*torchvision, which must be of the release"):
            ImageEncoder("dinov2-vits14").fit()
