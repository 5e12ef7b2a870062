import json
from importlib.metadata import PackageNotFoundError

import pytest

from sklearn_turtle.encoders import IMAGE_MODELS, ImageEncoder
from sklearn_turtle.encoders._image_models import OpenClipModel, TimmModel
from sklearn_turtle.encoders._image_names import find_image_model
from tests.support.tiny_models import TinyImageModel


def test_models_of_the_paper_have_short_names():
    clip = ["rn50", "rn101", "rn50x4", "rn50x16", "rn50x64", "vit-b32", "vit-b16", "vit-l14"]
    assert {f"clip-{name}" for name in clip} | {"dinov2-vitg14"} <= set(IMAGE_MODELS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("timm:resnet50.a1_in1k", TimmModel("resnet50.a1_in1k")),
        ("timm:hf-hub:timm/vit", TimmModel("hf-hub:timm/vit")),
        ("open_clip:ViT-B-32/laion2b", OpenClipModel("ViT-B-32", "laion2b")),
        ("open_clip:hf-hub:org/vit", OpenClipModel("hf-hub:org/vit")),
    ],
)
def test_name_with_prefix(name, expected):
    assert find_image_model(name) == expected
    assert str(find_image_model(name)) == name


def test_name_without_prefix(timm, open_clip):
    assert find_image_model("resnet50.a1_in1k") == TimmModel("resnet50.a1_in1k")
    assert find_image_model("ViT-B-32/openai") == OpenClipModel("ViT-B-32", "openai")


def test_unknown_name(timm, open_clip):
    for name in ("clip-vit-l15", "photos/cats"):
        with pytest.raises(ValueError, match=rf"unknown model '{name}'; .*clip-vit-l14.*timm:"):
            find_image_model(name)


def test_open_clip_without_weights():
    with pytest.raises(ValueError, match="has no weights; pass 'open_clip:ViT-B-32/WEIGHTS'"):
        find_image_model("open_clip:ViT-B-32")


def test_folder_without_a_model(tmp_path):
    with pytest.raises(ValueError, match=r"open_clip_config\.json"):
        ImageEncoder(tmp_path).fit()


@pytest.mark.parametrize("model", [3, None, (TinyImageModel(),), TinyImageModel(), ("a", "b")])
def test_not_an_image_model(model):
    with pytest.raises(TypeError, match="model must be a name"):
        ImageEncoder(model).fit()


class TestSettings:
    @pytest.mark.parametrize("name", ["clip-vit-l14", "dinov2-vitg14"])
    def test_need_only_the_version_of_the_library(self, name, monkeypatch):
        monkeypatch.setattr("sklearn_turtle.encoders._digests.version", lambda package: "1.0")
        settings = IMAGE_MODELS[name].settings()
        assert settings["version"] == "1.0"
        json.dumps(settings)

    def test_missing_library(self, monkeypatch, tmp_path):
        def missing(package):
            raise PackageNotFoundError(package)

        monkeypatch.setattr("sklearn_turtle.encoders._digests.version", missing)
        with pytest.raises(ImportError, match=r"needs timm: .*sklearn-turtle\[encoders\]"):
            ImageEncoder("dinov2-vits14", cache=tmp_path).fit()
