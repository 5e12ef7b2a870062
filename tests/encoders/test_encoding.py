"""Rows, the cache, unreadable items, and encoding that is interrupted."""

import signal
import time
from multiprocessing import Process

import numpy as np
import pandas as pd
import pytest
import torch

from sklearn_turtle.encoders import ImageEncoder, TextEncoder
from sklearn_turtle.encoders._store import EmbeddingStore
from tests.support.tiny_models import (
    TinyImageModel,
    expected_rows,
    lengths,
    preprocess,
    preprocess_darker,
    tiny_encoder,
)


class CountingDataset(torch.utils.data.Dataset):
    """Counts how often each image is read."""

    def __init__(self, images):
        self.images = images
        self.n_reads = np.zeros(len(images), dtype=int)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        self.n_reads[index] += 1
        return self.images[index]


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize("batch_size", [1, 5, 64])
def test_rows_are_the_output_of_the_model(images, tmp_path, batch_size, cached):
    encoder = tiny_encoder(batch_size=batch_size, cache=tmp_path if cached else None)
    rows = encoder.fit_transform(images)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)
    assert encoder.n_features_out_ == 5
    assert encoder.n_encoded_ == 12
    assert encoder.skipped_.tolist() == []


@pytest.mark.parametrize("cached", [False, True])
def test_worker_processes(photos, images, tmp_path, cached):
    encoder = tiny_encoder(
        num_workers=2, batch_size=3, cache=tmp_path if cached else None, on_error="skip"
    )
    photos[4].write_bytes(b"broken")
    with pytest.warns(UserWarning, match=r"04\.png"):
        rows = encoder.fit_transform(photos)
    del images[4]
    np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)


def test_without_a_cache_each_item_is_read_once(images):
    dataset = CountingDataset(images)
    tiny_encoder().fit_transform(dataset)
    assert dataset.n_reads.tolist() == [1] * 12


class TestCache:
    def test_second_run_encodes_nothing(self, photos, tmp_path):
        first = tiny_encoder(cache=tmp_path).fit_transform(photos)
        encoder = tiny_encoder(cache=tmp_path)
        np.testing.assert_array_equal(encoder.fit_transform(photos[::-1]), first[::-1])
        assert encoder.n_encoded_ == 0
        assert encoder.model[0].n_calls == 0

    def test_model_is_loaded_only_if_rows_are_missing(self, photos, tmp_path, monkeypatch):
        def load(source):
            raise AssertionError("loaded")

        rows = tiny_encoder(cache=tmp_path, cache_key="tiny").fit_transform(photos)
        monkeypatch.setattr("sklearn_turtle.encoders._image_models.GivenImageModel.load", load)
        encoder = tiny_encoder(cache=tmp_path, cache_key="tiny").fit()
        np.testing.assert_array_equal(encoder.transform(photos), rows)
        assert encoder.get_feature_names_out()[4] == "imageencoder4"
        with pytest.raises(AssertionError, match="loaded"):
            encoder.transform([np.zeros((8, 8, 3))])

    def test_only_missing_rows_are_encoded(self, images, tmp_path):
        tiny_encoder(cache=tmp_path).fit_transform(images[:7])
        encoder = tiny_encoder(cache=tmp_path, batch_size=2)
        rows = encoder.fit_transform(images)
        assert encoder.n_encoded_ == 5
        np.testing.assert_allclose(rows, expected_rows(images, TinyImageModel()), rtol=1e-5)

    def test_repeated_image_is_encoded_once(self, images, tmp_path):
        encoder = tiny_encoder(cache=tmp_path)
        rows = encoder.fit_transform([images[0], images[1], images[0], images[0]])
        assert encoder.n_encoded_ == 2
        np.testing.assert_array_equal(rows[[2, 3]], rows[[0, 0]])

    def test_rows_encoded_before_an_error_are_kept(self, photos, tmp_path):
        photos[9].write_bytes(b"broken")
        with pytest.raises(ValueError, match=r"09\.png: cannot be read .*on_error='skip'"):
            tiny_encoder(cache=tmp_path, batch_size=2).fit_transform(photos)
        encoder = tiny_encoder(cache=tmp_path, on_error="skip")
        with pytest.warns(UserWarning, match=r"09\.png"):
            encoder.fit_transform(photos)
        assert encoder.n_encoded_ == 2  # nine were kept, one is broken

    @pytest.mark.parametrize(
        "change",
        [
            {"model": (TinyImageModel(seed=1), preprocess)},
            {"model": (TinyImageModel(), preprocess_darker)},
            {"precision": "float32"},
            {"cache_key": "other"},
        ],
        ids=["weights", "preprocessing", "precision", "key"],
    )
    def test_different_encoder_has_different_entries(self, images, tmp_path, change):
        tiny_encoder(cache=tmp_path).fit_transform(images)
        encoder = tiny_encoder(cache=tmp_path).set_params(**change)
        rows = encoder.fit_transform(images)
        assert encoder.n_encoded_ == 12
        np.testing.assert_array_equal(rows, encoder.set_params(cache=None).fit_transform(images))

    @pytest.mark.parametrize(
        "change", [{"batch_size": 5}, {"num_workers": 1}, {"verbose": 1, "on_error": "skip"}]
    )
    def test_other_parameters_share_entries(self, images, tmp_path, change):
        tiny_encoder(cache=tmp_path, batch_size=3).fit_transform(images)
        encoder = tiny_encoder(cache=str(tmp_path), **change)
        encoder.fit_transform(images)
        assert encoder.n_encoded_ == 0

    def test_prompt_has_its_own_entries(self, tmp_path):
        for prompt, n_encoded in ((None, 2), (None, 0), ("as: ", 2), ("as: ", 0)):
            encoder = TextEncoder(lengths, prompt=prompt, cache=tmp_path, cache_key="lengths")
            rows = encoder.fit_transform(["banana", "a"])
            assert encoder.n_encoded_ == n_encoded
            np.testing.assert_array_equal(
                rows, lengths([(prompt or "") + "banana", (prompt or "") + "a"])
            )

    def test_one_key_for_two_models(self, images, tmp_path):
        tiny_encoder(cache=tmp_path, cache_key="tiny").fit_transform(images[:6])
        wider = (TinyImageModel(n_features=7), preprocess)
        encoder = tiny_encoder(cache=tmp_path, cache_key="tiny").set_params(model=wider)
        with pytest.raises(ValueError, match=r"7 features, but .* have 5\. .*cache_key"):
            encoder.fit_transform(images)

    def test_cache_is_a_file(self, images, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="file"):
            tiny_encoder(cache=tmp_path / "file").fit_transform(images)


class TestUnreadable:
    @pytest.mark.parametrize("cached", [False, True])
    def test_skipped(self, broken_photos, images, tmp_path, cached):
        encoder = tiny_encoder(on_error="skip", cache=tmp_path / "cache" if cached else None)
        message = r"3 of 12 images .*02\.png.*05\.png.*07\.png"
        with pytest.warns(UserWarning, match=message) as warned:
            rows = encoder.fit_transform(broken_photos)
        assert len(warned) == 1
        assert encoder.skipped_.tolist() == [2, 5, 7]
        assert "FileNotFoundError" in encoder.skipped_reasons_[1]
        assert encoder.skipped_reasons_[2].endswith("Pillow does not recognize the image format")
        kept = [images[i] for i in range(12) if i not in (2, 5, 7)]
        np.testing.assert_allclose(rows, expected_rows(kept, TinyImageModel()), rtol=1e-5)

    def test_raised(self, broken_photos):
        with pytest.raises(ValueError, match=r"02\.png: cannot be read \(.*\)"):
            tiny_encoder().fit_transform(broken_photos)

    def test_repeated_broken_image(self, broken_photos, tmp_path):
        encoder = tiny_encoder(on_error="skip", cache=tmp_path)
        with pytest.warns(UserWarning, match="2 of 3"):
            encoder.fit_transform([broken_photos[7], broken_photos[0], broken_photos[7]])
        assert encoder.skipped_.tolist() == [0, 2]

    def test_texts(self):
        encoder = TextEncoder(lengths, on_error="skip")
        with pytest.warns(UserWarning, match="text 1 "):
            rows = encoder.fit_transform(pd.Series(["a", None, "bb"]))
        np.testing.assert_array_equal(rows, [[1, 1], [2, 0]])

    def test_error_of_the_preprocessing_is_not_skipped(self, images):
        def faulty(image):
            if image.size == images[3].size:
                raise RuntimeError("fault of the preprocessing")
            return preprocess(image)

        encoder = ImageEncoder((TinyImageModel(), faulty), device="cpu", on_error="skip").fit()
        with pytest.raises(RuntimeError, match="fault of the preprocessing"):
            encoder.transform(images)


TEXTS = [f"{number}" for number in range(5_000)]


def numbers(texts):
    """The number that each text spells."""
    return np.array([[float(text) if text.isdigit() else np.nan] for text in texts])


def numbers_slowly(texts):
    """The same, in 0.2 ms per text."""
    time.sleep(2e-4 * len(texts))
    return numbers(texts)


def encode_slowly(cache):
    TextEncoder(numbers_slowly, cache=cache, cache_key="numbers").fit_transform(TEXTS)


def test_process_killed_while_encoding(tmp_path):
    process = Process(target=encode_slowly, args=(tmp_path,))
    process.start()
    while len(list(tmp_path.glob("*/*.npz"))) < 2:
        assert process.is_alive()
        time.sleep(0.01)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (folder,) = tmp_path.iterdir()
    n_kept = len(EmbeddingStore(folder))
    assert 0 < n_kept < len(TEXTS)

    encoded = []

    def recording_numbers(texts):
        encoded.extend(texts)
        return numbers(texts)

    encoder = TextEncoder(recording_numbers, cache=tmp_path, cache_key="numbers")
    rows = encoder.fit_transform(TEXTS)
    assert encoder.n_encoded_ == len(encoded) == len(set(encoded)) == len(TEXTS) - n_kept
    np.testing.assert_array_equal(rows[:, 0], np.arange(len(TEXTS)))
    np.testing.assert_array_equal(encoder.transform(TEXTS), rows)
    assert encoder.n_encoded_ == 0
