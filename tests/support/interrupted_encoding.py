"""A process that encodes 10,000 texts slowly, to be killed: ``python interrupted.py CACHE``."""

import sys
import time

import numpy as np

from sklearn_turtle.encoders import TextEncoder

TEXTS = [f"{number}" for number in range(10_000)]


def slowly(texts):
    """The number that each text spells; 0.1 ms a text."""
    time.sleep(1e-4 * len(texts))
    return np.array([[float(text) if text.isdigit() else np.nan] for text in texts])


if __name__ == "__main__":
    TextEncoder(slowly, cache=sys.argv[1], cache_key="slowly").fit_transform(TEXTS)
    print("finished")
