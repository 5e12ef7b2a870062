"""Kill a process that encodes 10,000 images, run it again, and count the images it encodes.

python examples/benchmarks/interrupted_encoding.py

The images are files of noise; the network is one layer with random weights.
"""

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image

from sklearn_turtle.encoders import ImageEncoder

N_IMAGES = 10_000


def preprocess(image):
    return torch.from_numpy(np.array(image, dtype=np.float32)).movedim(2, 0) / 255


def make_network():
    torch.manual_seed(0)
    convolution = torch.nn.Conv2d(3, 64, kernel_size=8, stride=8)
    return torch.nn.Sequential(convolution, torch.nn.AdaptiveMaxPool2d(1), torch.nn.Flatten())


def encode(folder):
    """Encode the images of a folder, in the process that is killed."""
    encoder = ImageEncoder(
        (make_network(), preprocess), num_workers=2, cache=folder / "cache", device="cpu"
    )
    start = time.perf_counter()
    rows = encoder.fit_transform(folder / "images")
    seconds = time.perf_counter() - start
    print(f"encoded {encoder.n_encoded_} of {len(rows)} images in {seconds:.1f} s", flush=True)


def run(folder):
    """Start the process, kill it, and run it twice more."""
    (folder / "images").mkdir()
    generator = np.random.default_rng(0)
    for i in range(N_IMAGES):
        pixels = generator.integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"{i:05}.png")
    command = [sys.executable, __file__, "--folder", str(folder)]
    process = subprocess.Popen(command)
    while len(list(folder.glob("cache/*/*.npz"))) < 4:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    n_cached = 0
    for path in folder.glob("cache/*/*.npz"):
        with np.load(path) as arrays:
            n_cached += len(arrays["rows"])
    print(f"killed; {n_cached} rows are in the cache", flush=True)
    for _ in range(2):
        subprocess.run(command, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="folder of the process that is killed")
    given = parser.parse_args().folder
    if given is not None:
        encode(given)
    else:
        with TemporaryDirectory() as temporary:
            run(Path(temporary))
