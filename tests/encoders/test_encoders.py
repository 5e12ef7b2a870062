"""What both encoders keep: order, cache, items that cannot be read, scikit-learn's conventions."""

import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks

from sklearn_turtle.encoders import ImageEncoder, TextEncoder
from sklearn_turtle.encoders._loaded import dtype_of_products
from tests.support.tiny_models import TinyImageModel, darker, expected_rows, lengths, preprocess


def tiny_encoder(**parameters):
    return ImageEncoder((TinyImageModel(), preprocess), device="cpu", **parameters)


class Counting(torch.utils.data.Dataset):
    """Counts how often each image is read."""

    def __init__(self, images):
        self.images = images
        self.reads = np.zeros(len(images), dtype=int)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        self.reads[index] += 1
        return self.images[index]


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize("batch_size", [1, 5, 64])
def test_rows_are_what_the_model_makes(images, tmp_path, batch_size, cached):
    encoder = tiny_encoder(batch_size=batch_size, cache=tmp_path if cached else None)
    rows = encoder.fit_transform(images)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)
    assert encoder.n_features_out_ == 5
    assert encoder.n_encoded_ == 12
    assert encoder.skipped_.tolist() == []


@pytest.mark.parametrize("cached", [False, True])
def test_workers(photos, images, tmp_path, cached):
    encoder = tiny_encoder(
        num_workers=2, batch_size=3, cache=tmp_path if cached else None, on_error="skip"
    )
    photos[4].write_bytes(b"broken")
    with pytest.warns(UserWarning, match="04.png"):
        rows = encoder.fit_transform(photos)
    del images[4]
    np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)


def test_function_of_texts():
    encoder = TextEncoder(lengths, batch_size=1).fit()
    np.testing.assert_array_equal(encoder.transform(["banana", "a"]), [[6, 3], [1, 1]])
    encoder.set_params(prompt="as: ").fit()
    np.testing.assert_array_equal(encoder.transform(["banana", "a"]), [[10, 4], [5, 2]])


class TestCache:
    def test_second_run_reads_everything(self, photos, images, tmp_path):
        first = tiny_encoder(cache=tmp_path).fit_transform(photos)
        encoder = tiny_encoder(cache=tmp_path)
        np.testing.assert_array_equal(encoder.fit_transform(photos[::-1]), first[::-1])
        assert encoder.n_encoded_ == 0
        assert encoder.model[0].n_calls == 0

    def test_model_is_not_loaded_for_nothing(self, photos, tmp_path, monkeypatch):
        def load(source):
            raise AssertionError("loaded")

        rows = tiny_encoder(cache=tmp_path, cache_key="tiny").fit_transform(photos)
        monkeypatch.setattr("sklearn_turtle.encoders._image_models.GivenImageModel.load", load)
        encoder = tiny_encoder(cache=tmp_path, cache_key="tiny").fit()
        np.testing.assert_array_equal(encoder.transform(photos), rows)
        assert encoder.get_feature_names_out()[4] == "imageencoder4"
        with pytest.raises(AssertionError, match="loaded"):
            encoder.transform([np.zeros((8, 8, 3))])

    def test_only_what_is_missing(self, images, tmp_path):
        tiny_encoder(cache=tmp_path).fit_transform(images[:7])
        encoder = tiny_encoder(cache=tmp_path, batch_size=2)
        rows = encoder.fit_transform(images)
        assert encoder.n_encoded_ == 5
        np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)

    def test_one_content_is_encoded_once(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path)
        rows = encoder.fit_transform([images[0], images[1], images[0], images[0]])
        assert encoder.n_encoded_ == 2
        np.testing.assert_array_equal(rows[[2, 3]], rows[[0, 0]])

    def test_failure_keeps_what_was_encoded(self, photos, tmp_path):
        photos[9].write_bytes(b"broken")
        with pytest.raises(ValueError, match=r"09\.png: cannot be read .*on_error='skip'"):
            tiny_encoder(cache=tmp_path, batch_size=2).fit_transform(photos)
        encoder = tiny_encoder(cache=tmp_path, on_error="skip")
        with pytest.warns(UserWarning, match="09.png"):
            encoder.fit_transform(photos)
        assert encoder.n_encoded_ == 2  # nine were kept, one is broken

    @pytest.mark.parametrize(
        "other",
        [
            {"model": (TinyImageModel(seed=1), preprocess)},
            {"model": (TinyImageModel(), darker)},
            {"precision": "float32"},
            {"cache_key": "other"},
        ],
        ids=["weights", "preprocessing", "precision", "key"],
    )
    def test_another_encoder_has_its_own(self, images, tmp_path, other):
        tiny_encoder(cache=tmp_path).fit_transform(images)
        encoder = tiny_encoder(cache=tmp_path).set_params(**other)
        rows = encoder.fit_transform(images)
        assert encoder.n_encoded_ == 12
        np.testing.assert_array_equal(rows, encoder.set_params(cache=None).fit_transform(images))

    def test_batches_and_workers_do_not_matter(self, images, tmp_path):
        tiny_encoder(cache=tmp_path, batch_size=3).fit_transform(images)
        encoder = tiny_encoder(cache=str(tmp_path), batch_size=5, verbose=0, on_error="skip")
        encoder.fit_transform(images)
        assert encoder.n_encoded_ == 0

    def test_texts(self, tmp_path):
        for prompt, n_encoded in ((None, 2), (None, 0), ("as: ", 2), ("as: ", 0)):
            encoder = TextEncoder(lengths, prompt=prompt, cache=tmp_path, cache_key="lengths")
            rows = encoder.fit_transform(["banana", "a"])
            assert encoder.n_encoded_ == n_encoded
            np.testing.assert_array_equal(
                rows, lengths([(prompt or "") + "banana", (prompt or "") + "a"])
            )

    def test_function_needs_a_key(self, tmp_path):
        with pytest.raises(ValueError, match="lengths is a function: name it by cache_key"):
            TextEncoder(lengths, cache=tmp_path).fit()
        with pytest.raises(ValueError, match="name it by cache_key"):
            ImageEncoder((lengths, preprocess), cache=tmp_path).fit()

    def test_key_of_another_model(self, images, tmp_path):
        tiny_encoder(cache=tmp_path, cache_key="tiny").fit_transform(images[:6])
        wider = (TinyImageModel(n_features=7), preprocess)
        encoder = tiny_encoder(cache=tmp_path, cache_key="tiny").set_params(model=wider)
        with pytest.raises(ValueError, match=r"7 features, but .* rows of 5\. .*cache_key"):
            encoder.fit_transform(images)

    def test_items_are_read_once_without_a_cache(self, images):
        dataset = Counting(images)
        tiny_encoder().fit_transform(dataset)
        assert dataset.reads.tolist() == [1] * 12

    def test_folder_that_is_a_file(self, images, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="file"):
            tiny_encoder(cache=tmp_path / "file").fit_transform(images)


class TestUnreadable:
    @pytest.fixture
    def broken(self, photos):
        photos[2].write_bytes(photos[2].read_bytes()[:60])  # cut short
        photos[5].unlink()
        photos[7].write_bytes(b"")
        return photos

    @pytest.mark.parametrize("cached", [False, True])
    def test_skipped(self, broken, images, tmp_path, cached):
        encoder = tiny_encoder(on_error="skip", cache=tmp_path / "cache" if cached else None)
        with pytest.warns(UserWarning, match=r"3 of 12 images .*02\.png.*05\.png.*07\.png") as told:
            rows = encoder.fit_transform(broken)
        assert len(told) == 1
        assert encoder.skipped_.tolist() == [2, 5, 7]
        assert "FileNotFoundError" in encoder.skipped_reasons_[1]
        assert encoder.skipped_reasons_[2].endswith("no format of images that Pillow knows")
        kept = [images[i] for i in range(12) if i not in (2, 5, 7)]
        np.testing.assert_allclose(rows, expected_rows(kept, TinyImageModel()), rtol=1e-5)

    def test_raised(self, broken):
        with pytest.raises(ValueError, match=r"02\.png: cannot be read \(.*\)"):
            tiny_encoder().fit_transform(broken)

    def test_next_call_starts_anew(self, broken):
        encoder = tiny_encoder(on_error="skip")
        with pytest.warns(UserWarning, match="cannot be read"):
            encoder.fit_transform(broken)
        encoder.transform(broken[:2])
        assert encoder.skipped_.tolist() == []
        assert encoder.skipped_reasons_ == []

    def test_twice_the_same_broken_image(self, broken, tmp_path):
        encoder = tiny_encoder(on_error="skip", cache=tmp_path)
        with pytest.warns(UserWarning, match="2 of 3"):
            encoder.fit_transform([broken[7], broken[0], broken[7]])
        assert encoder.skipped_.tolist() == [0, 2]

    def test_many_are_not_all_named(self, broken):
        encoder = tiny_encoder(on_error="skip")
        with pytest.warns(UserWarning, match="image 5 .* and 3 more"):
            encoder.fit_transform([np.zeros((8, 8)), *[None] * 8])

    def test_none_is_readable(self, broken):
        with pytest.raises(ValueError, match="No image of X can be read: FileNotFoundError"):
            tiny_encoder(on_error="skip").fit_transform([broken[5]])

    def test_index_of_a_frame_tells_which_are_left(self, broken):
        encoder = tiny_encoder(on_error="skip").set_output(transform="pandas")
        names = pd.DataFrame({"path": broken}, index=[f"row{i}" for i in range(12)])
        for X, index in ((names, names.index), (names["path"], names.index), (broken, range(12))):
            with pytest.warns(UserWarning, match="cannot be read"):
                frame = encoder.fit_transform(X)
            kept = [label for i, label in enumerate(index) if i not in (2, 5, 7)]
            assert frame.index.tolist() == kept
            assert frame.columns.tolist() == [f"imageencoder{i}" for i in range(5)]

    def test_texts(self):
        encoder = TextEncoder(lengths, on_error="skip")
        with pytest.warns(UserWarning, match="text 1 "):
            rows = encoder.fit_transform(pd.Series(["a", None, "bb"]))
        np.testing.assert_array_equal(rows, [[1, 1], [2, 0]])

    def test_fault_of_the_preprocessing_is_no_broken_image(self, images):
        def faulty(image):
            if image.size == images[3].size:
                raise RuntimeError("fault of the preprocessing")
            return preprocess(image)

        encoder = ImageEncoder((TinyImageModel(), faulty), device="cpu", on_error="skip").fit()
        with pytest.raises(RuntimeError, match="fault of the preprocessing"):
            encoder.transform(images)


class TestModels:
    def test_outputs_that_are_not_pooled(self, images):
        encoder = ImageEncoder((torch.nn.Identity(), preprocess), device="cpu")
        with pytest.raises(ValueError, match=r"shape \(1, 8, 8, 3\) .* must be pooled"):
            encoder.fit(images)

    def test_outputs_that_are_no_matrix(self, images):
        class Dict(torch.nn.Module):
            def forward(self, batch):
                return {"pooled": batch.flatten(1)}

        with pytest.raises(TypeError, match="The model gives dict"):
            ImageEncoder((Dict(), preprocess), device="cpu").fit(images)

    def test_encode_image_is_preferred(self, images):
        class Clip(TinyImageModel):
            def encode_image(self, batch):
                return 2 * super().forward(batch)

            def forward(self, batch):
                raise AssertionError("not this one")

        rows = ImageEncoder((Clip(), preprocess), device="cpu").fit_transform(images)
        np.testing.assert_allclose(rows, 2 * expected_rows(images, TinyImageModel()), rtol=1e-5)

    def test_evaluation_mode(self, images):
        dropout = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Flatten())
        rows = ImageEncoder((dropout, preprocess), device="cpu").fit_transform(images)
        assert rows.all()

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
    def test_precision(self, monkeypatch, precision, device, has_bfloat16, expected):
        monkeypatch.setattr(
            "sklearn_turtle._input._device._multiplies_bfloat16", lambda device: has_bfloat16
        )
        assert dtype_of_products(precision, torch.device(device)) == expected

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
    def test_on_cuda(self, photos, images):
        encoder = ImageEncoder((TinyImageModel(), preprocess), batch_size=5)
        rows = encoder.fit_transform(photos)
        exact = expected_rows(images, TinyImageModel())
        assert np.abs(rows - exact).max() > 1e-5
        np.testing.assert_allclose(rows, exact, atol=0.02 * np.abs(exact).max())

    @pytest.mark.parametrize("model", [3, None, (TinyImageModel(),), TinyImageModel(), ("a", "b")])
    def test_no_image_model(self, model):
        with pytest.raises(TypeError, match="model must be a name"):
            ImageEncoder(model).fit()

    @pytest.mark.parametrize("model", [3, None, TinyImageModel()])
    def test_no_text_model(self, model):
        with pytest.raises(TypeError, match="model must be the name"):
            TextEncoder(model).fit()


class TestConventions:
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
    def test_checks_of_scikit_learn(self, encoder, check):
        check(type(encoder).__name__, clone(encoder))

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
    def test_bad_parameters(self, parameter, value):
        with pytest.raises(ValueError, match=f"'{parameter}' parameter of ImageEncoder"):
            tiny_encoder().set_params(**{parameter: value}).fit()

    def test_device_that_is_not_there(self):
        with pytest.raises(ValueError, match="device='nowhere' cannot be used"):
            tiny_encoder().set_params(device="nowhere").fit()

    def test_not_fitted(self, images):
        with pytest.raises(NotFittedError):
            tiny_encoder().transform(images)

    def test_failed_fit_leaves_no_trace(self, images):
        encoder = tiny_encoder().fit(images)
        before = encoder.transform(images)
        with pytest.raises(TypeError):
            encoder.set_params(model=3).fit(images)
        np.testing.assert_array_equal(encoder.transform(images), before)

    def test_parameters_count_as_they_were_at_fit(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path).fit(images)
        encoder.set_params(precision="bfloat16").transform(images)
        exact = tiny_encoder().fit_transform(images)
        np.testing.assert_array_equal(tiny_encoder(cache=tmp_path).fit_transform(images), exact)

    @pytest.mark.parametrize("cached", [False, True])
    def test_pickled(self, images, tmp_path, cached):
        encoder = tiny_encoder(cache=tmp_path if cached else None).fit(images)
        rows = encoder.transform(images)
        again = pickle.loads(pickle.dumps(encoder))
        np.testing.assert_array_equal(again.transform(images), rows)
        assert again.n_encoded_ == (0 if cached else 12)

    def test_clone_encodes_the_same(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path)
        rows = encoder.fit_transform(images)
        again = clone(encoder)
        np.testing.assert_array_equal(again.fit_transform(images), rows)
        assert again.n_encoded_ == 0

    def test_feature_names(self, images):
        encoder = tiny_encoder().fit()
        names = encoder.get_feature_names_out()
        assert names.tolist() == [f"imageencoder{i}" for i in range(5)]
        polars = encoder.set_output(transform="polars").transform(images)
        assert polars.columns == names.tolist()

    def test_nothing_to_encode(self):
        with pytest.raises(ValueError, match="X holds no image"):
            tiny_encoder().fit().transform([])

    def test_global_state_of_torch_is_left_alone(self, images):
        before = torch.get_rng_state(), torch.is_grad_enabled(), torch.get_num_threads()
        tiny_encoder(num_workers=2).fit_transform(images)
        assert torch.equal(torch.get_rng_state(), before[0])
        assert (torch.is_grad_enabled(), torch.get_num_threads()) == before[1:]

    def test_progress(self, images, tmp_path, capsys):
        tiny_encoder(cache=tmp_path).fit_transform(images[:2])
        assert capsys.readouterr().out == ""
        tiny_encoder(cache=tmp_path, batch_size=4, verbose=2).fit_transform(images)
        out = capsys.readouterr().out
        assert "[ImageEncoder]" in out
        assert [line.split(": ")[1] for line in out.splitlines()] == [
            "looking for 12 images in the cache",
            "10 of 12 images are to be encoded",
            "4/10 encoded",
            "8/10 encoded",
            "10/10 encoded",
        ]
