"""UPL and POUF tune through a text tower without changing it."""

import numpy as np
import pytest
import torch

from sklearn_turtle.paper.baselines import POUF, UPL
from tests.support.class_embeddings import TextTower, small_problem

X, Y, TEXTS = small_problem()
NAMES = ["newt", "ant", "cow"]
QUICK = {
    UPL: {"ensemble_size": 2, "n_epochs": 4},
    POUF: {"max_iter": 20},
}


@pytest.fixture(params=QUICK, ids=lambda cls: cls.__name__)
def make(request):
    """A function that makes one of the two, with quick settings and on the CPU."""

    def make(**parameters):
        defaults = {"random_state": 0, "logit_scale": 10.0, "device": "cpu"}
        return request.param(TEXTS, **{**defaults, **QUICK[request.param], **parameters})

    return make


def test_no_tower_is_the_same_as_a_tower_that_adds(make):
    units = torch.tensor(TEXTS / np.linalg.norm(TEXTS, axis=1, keepdims=True))
    adding = make(
        text_tower=lambda context: units + context, initial_context=torch.zeros_like(units)
    )
    expected = make().fit(X).predict_proba(X)
    np.testing.assert_allclose(adding.fit(X).predict_proba(X), expected, rtol=1e-6)


def test_the_tower_is_not_changed(make):
    tower = TextTower()
    before = [parameter.detach().clone() for parameter in tower.parameters()]
    classifier = make(text_tower=tower, initial_context=np.zeros((4, 5))).fit(X)
    assert all(map(torch.equal, tower.parameters(), before))
    assert all(parameter.grad is None for parameter in tower.parameters())
    context = classifier.contexts_[0] if isinstance(classifier, UPL) else classifier.context_
    assert context.shape == (4, 5)
    assert np.abs(context).max() > 0


def test_order_of_the_classes_is_that_of_the_tower(make):
    parameters = {
        "text_tower": TextTower(),
        "initial_context": np.zeros((4, 5)),
        "batch_size": 100,
    }
    plain, named = make(**parameters).fit(X), make(**parameters, classes=NAMES).fit(X)
    columns = np.argsort(NAMES)
    np.testing.assert_allclose(
        named.predict_proba(X), plain.predict_proba(X)[:, columns], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"initial_context": np.zeros((4, 5))}, "text_tower is None"),
        ({"text_tower": TextTower()}, "needs an initial_context"),
        (
            {"text_tower": lambda context: context, "initial_context": np.zeros((4, 5))},
            r"shape of the class embeddings, \(3, 6\); got torch.Size\(\[4, 5\]\)",
        ),
        (
            {"text_tower": lambda context: context.numpy, "initial_context": np.zeros((3, 6))},
            "got builtin_function_or_method",
        ),
        (
            {"text_tower": lambda context: context.detach(), "initial_context": np.zeros((3, 6))},
            "must not detach",
        ),
    ],
)
def test_invalid_towers(make, parameters, message):
    with pytest.raises(ValueError, match=message):
        make(**parameters).fit(X)
