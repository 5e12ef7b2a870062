"""The fitted linear labeling as NumPy coefficients."""

import numpy as np


def linear_attributes(model, spaces):
    """``coef_`` and ``intercept_`` of a LinearModel of raw features.

    They are float64 where a space is of 64-bit numbers, else float32, so that predictions are
    made in that dtype.
    """
    dtype = spaces.float_dtype
    coef = [weight.T.contiguous().numpy().astype(dtype) for weight in model.weights]
    intercept = [bias.numpy().astype(dtype) for bias in model.biases]
    if not all(np.isfinite(array).all() for array in (*coef, *intercept)):
        raise ValueError(
            "The optimization diverged: the coefficients are not finite. Use scaling='l1', lower "
            "learning rates, or rescale features of extreme magnitude."
        )
    return {"coef_": coef, "intercept_": intercept}
