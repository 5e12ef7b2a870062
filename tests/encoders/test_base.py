"""Conventions of scikit-learn that both encoders follow."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks

from sklearn_turtle.encoders import ImageEncoder, TextEncoder
from tests.support.tiny_models import lengths, tiny_encoder


@pytest.mark.parametrize("encoder", [ImageEncoder(), TextEncoder(lengths)])
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_mixin_order,
        estimator_checks.check_transformer_get_feature_names_out,
        estimator_checks.check_set_output_transform,
    ],
    ids=lambda check: check.__name__,
)
def test_scikit_learn_checks(encoder, check):
    check(type(encoder).__name__, clone(encoder))


class TestParameters:
    @pytest.mark.parametrize(
        ("parameter", "value"),
        [
            ("batch_size", 0),
            ("num_workers", -1),
            ("precision", "int8"),
            ("cache", 3),
            ("cache_key", 3),
            ("on_error", "ignore"),
            ("verbose", "much"),
        ],
    )
    def test_invalid_value(self, parameter, value):
        with pytest.raises(ValueError, match=f"'{parameter}' parameter of ImageEncoder"):
            tiny_encoder().set_params(**{parameter: value}).fit()

    def test_unknown_device(self):
        with pytest.raises(ValueError, match="device='nowhere'"):
            tiny_encoder().set_params(device="nowhere").fit()

    def test_transform_uses_the_model_settings_of_fit(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path).fit(images)
        encoder.set_params(precision="bfloat16").transform(images)
        exact = tiny_encoder().fit_transform(images)
        np.testing.assert_array_equal(tiny_encoder(cache=tmp_path).fit_transform(images), exact)


class TestFit:
    def test_not_fitted(self, images):
        with pytest.raises(NotFittedError):
            tiny_encoder().transform(images)

    def test_failed_fit_keeps_the_earlier_one(self, images):
        encoder = tiny_encoder().fit(images)
        before = encoder.transform(images)
        with pytest.raises(TypeError):
            encoder.set_params(model=3).fit(images)
        np.testing.assert_array_equal(encoder.transform(images), before)

    @pytest.mark.parametrize("cached", [False, True])
    def test_pickle(self, images, tmp_path, cached):
        encoder = tiny_encoder(cache=tmp_path if cached else None).fit(images)
        rows = encoder.transform(images)
        again = pickle.loads(pickle.dumps(encoder))
        np.testing.assert_array_equal(again.transform(images), rows)
        assert again.n_encoded_ == (0 if cached else 12)

    def test_clone_shares_the_cache(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path)
        rows = encoder.fit_transform(images)
        again = clone(encoder)
        np.testing.assert_array_equal(again.fit_transform(images), rows)
        assert again.n_encoded_ == 0


class TestTransform:
    def test_feature_names(self, images):
        encoder = tiny_encoder().fit()
        names = encoder.get_feature_names_out()
        assert names.tolist() == [f"imageencoder{i}" for i in range(5)]
        polars = encoder.set_output(transform="polars").transform(images)
        assert polars.columns == names.tolist()

    def test_empty_input(self):
        with pytest.raises(ValueError, match="X contains no images"):
            tiny_encoder().fit().transform([])

    def test_no_readable_image(self, broken_photos):
        with pytest.raises(ValueError, match=r"no readable images; .* FileNotFoundError"):
            tiny_encoder(on_error="skip").fit_transform([broken_photos[5]])

    def test_skipped_images_are_those_of_the_last_call(self, broken_photos):
        encoder = tiny_encoder(on_error="skip")
        with pytest.warns(UserWarning, match="cannot be read"):
            encoder.fit_transform(broken_photos)
        encoder.transform(broken_photos[:2])
        assert encoder.skipped_.tolist() == []
        assert encoder.skipped_reasons_ == []

    def test_warning_names_a_few_of_many_skipped_images(self):
        encoder = tiny_encoder(on_error="skip")
        with pytest.warns(UserWarning, match="image 5 .* and 3 more") as warned:
            encoder.fit_transform([np.zeros((8, 8)), *[None] * 8])
        assert "image 6" not in str(warned[0].message)

    def test_index_of_a_frame_without_skipped_images(self, broken_photos):
        encoder = tiny_encoder(on_error="skip").set_output(transform="pandas")
        names = [f"row{i}" for i in range(12)]
        X = pd.DataFrame({"path": broken_photos}, index=names)
        for paths, index in ((X, names), (X["path"], names), (broken_photos, range(12))):
            with pytest.warns(UserWarning, match="cannot be read"):
                frame = encoder.fit_transform(paths)
            assert frame.index.tolist() == [
                label for i, label in enumerate(index) if i not in (2, 5, 7)
            ]
            assert frame.columns.tolist() == [f"imageencoder{i}" for i in range(5)]

    def test_progress(self, images, tmp_path, capsys):
        tiny_encoder(cache=tmp_path).fit_transform(images[:2])
        assert capsys.readouterr().out == ""
        tiny_encoder(cache=tmp_path, batch_size=4, verbose=2).fit_transform(images)
        out = capsys.readouterr().out
        assert "[ImageEncoder]" in out
        assert [line.split(": ")[1] for line in out.splitlines()] == [
            "looking up 12 images in the cache",
            "encoding 10 of 12 images",
            "4/10 encoded",
            "8/10 encoded",
            "10/10 encoded",
        ]
