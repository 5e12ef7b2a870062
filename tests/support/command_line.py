"""Helpers of the tests of the command line: small data, fast settings, errors."""

import numpy as np

from sklearn_turtle._cli import main

PROGRAM = "python -m sklearn_turtle"
#: Settings that find the clusters of ``separated_spaces`` in a fraction of a second.
FAST_PARAMETERS = {
    "n_clusters": 4,
    "n_init": 4,
    "max_iter": 40,
    "polish_iter": 10,
    "random_state": 0,
    "device": "cpu",
}
#: The same as options of the command line.
FAST = [
    word
    for name, value in FAST_PARAMETERS.items()
    for word in (f"--{name.replace('_', '-')}", str(value))
]
N_SAMPLES = 120
#: Parameters without a setting option: an option of its own and the list of files replace them.
NOT_SETTINGS = ("n_clusters", "spaces")


def separated_spaces(dtype=np.float16):
    """Return two spaces in which four clusters lie far apart, and the true clusters."""
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(N_SAMPLES) % 4)
    latent = 12 * np.eye(4)[y] + 0.5 * rng.normal(size=(N_SAMPLES, 4))
    return [(latent @ rng.normal(size=(4, width))).astype(dtype) for width in (12, 8)], y


def error_of(capsys, arguments):
    """Run a command that fails, and return the one line that it prints."""
    assert main(arguments) == 2
    output = capsys.readouterr().err
    assert output.startswith(f"{PROGRAM}: error: ")
    assert output.count("\n") == 1
    return output
