"""UPL and POUF: what each reports, and tuning through a text tower."""

import numpy as np
import pytest
import torch
from scipy.special import softmax

from sklearn_turtle.paper.baselines import POUF, UPL
from tests.support.class_embeddings import small_problem

X, Y, TEXTS = small_problem()
NAMES = ["newt", "ant", "cow"]
QUICK = {
    UPL: {"ensemble_size": 2, "n_epochs": 4},
    POUF: {"max_iter": 20},
}


@pytest.fixture(params=QUICK, ids=lambda cls: cls.__name__)
def make(request):
    """Make one of the two, quick and on the CPU."""

    def of(**parameters):
        defaults = {"random_state": 0, "logit_scale": 10.0, "device": "cpu"}
        return request.param(TEXTS, **{**defaults, **QUICK[request.param], **parameters})

    return of


class TextTower(torch.nn.Module):
    """A text encoder in miniature: context vectors are shared, each class has a token."""

    def __init__(self):
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.tokens = torch.nn.Parameter(torch.randn(3, 5, generator=generator))
        self.output = torch.nn.Parameter(torch.randn(5, 6, generator=generator))

    def forward(self, context):
        return torch.tanh(context.mean(0) + self.tokens) @ self.output


def test_a_tower_that_adds_is_the_space_of_the_embeddings(make):
    units = torch.tensor(TEXTS / np.linalg.norm(TEXTS, axis=1, keepdims=True))
    through = make(
        text_tower=lambda context: units + context, initial_context=torch.zeros_like(units)
    )
    expected = make().fit(X).predict_proba(X)
    np.testing.assert_allclose(through.fit(X).predict_proba(X), expected, rtol=1e-6)


def test_the_tower_is_only_read(make):
    tower = TextTower()
    before = [parameter.detach().clone() for parameter in tower.parameters()]
    classifier = make(text_tower=tower, initial_context=np.zeros((4, 5))).fit(X)
    assert all(map(torch.equal, tower.parameters(), before))
    assert all(parameter.grad is None for parameter in tower.parameters())
    context = classifier.contexts_[0] if isinstance(classifier, UPL) else classifier.context_
    assert context.shape == (4, 5)
    assert np.abs(context).max() > 0


def test_classes_of_a_tower_are_in_its_order(make):
    tower = TextTower()
    parameters = {"text_tower": tower, "initial_context": np.zeros((4, 5)), "batch_size": 100}
    plain, named = make(**parameters).fit(X), make(**parameters, classes=NAMES).fit(X)
    columns = np.argsort(NAMES)
    np.testing.assert_allclose(
        named.predict_proba(X), plain.predict_proba(X)[:, columns], rtol=1e-6
    )


def test_the_loss_falls_through_a_tower():
    initial = {"text_tower": TextTower(), "initial_context": np.zeros((4, 5)), "device": "cpu"}
    upl = UPL(TEXTS, ensemble_size=2, learning_rate=0.1, random_state=0, **initial).fit(X)
    pouf = POUF(TEXTS, max_iter=200, learning_rate=0.1, random_state=0, **initial).fit(X)
    for losses in (upl.loss_curve_, pouf.loss_curve_):
        assert losses[-5:].mean() < losses[:5].mean() - 0.1


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
def test_what_is_wrong_with_a_tower(make, parameters, message):
    with pytest.raises(ValueError, match=message):
        make(**parameters).fit(X)


def test_upl_reports_what_it_learned_from():
    upl = UPL(TEXTS, classes=NAMES, top_k=5, ensemble_size=3, n_epochs=4, random_state=0).fit(X)
    assert upl.selected_.shape == (15,)
    assert upl.pseudo_labels_.tolist() == ["ant"] * 5 + ["cow"] * 5 + ["newt"] * 5
    assert (upl.pseudo_labels_ == np.array(NAMES)[Y[upl.selected_]]).mean() > 0.9
    assert upl.n_iter_ == len(upl.loss_curve_) == 4
    assert upl.class_embeddings_.shape == upl.contexts_.shape == (3, 3, 6)
    np.testing.assert_allclose(np.linalg.norm(upl.class_embeddings_, axis=2), 1)


def test_upl_averages_the_logits_of_its_ensemble():
    upl = UPL(TEXTS, ensemble_size=3, n_epochs=4, random_state=0, device="cpu").fit(X)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    logits = [100 * units @ embeddings.T for embeddings in upl.class_embeddings_]
    assert np.abs(logits[0] - logits[1]).max() > 0.1
    expected = softmax(np.mean(logits, axis=0), axis=1)
    np.testing.assert_allclose(upl.predict_proba(X), expected, atol=1e-9)


def test_upl_draws_its_contexts():
    parameters = {"ensemble_size": 10, "n_epochs": 1, "learning_rate": 1e-9, "device": "cpu"}
    contexts = UPL(TEXTS, context_std=0.02, random_state=0, **parameters).fit(X).contexts_
    # one epoch at the rate of the warm-up hardly moves them
    assert np.abs(contexts.mean()) < 0.005
    assert contexts.std() == pytest.approx(0.02, rel=0.1)
    still = UPL(TEXTS, context_std=0.0, random_state=0, **parameters).fit(X).contexts_
    assert np.abs(still).max() < 1e-3


def test_random_states_differ(make):
    contexts = [make(random_state=seed, batch_size=8).fit(X).class_embeddings_ for seed in (0, 1)]
    assert not np.array_equal(*contexts)


def test_pouf_reports_its_steps():
    pouf = POUF(TEXTS, max_iter=7, random_state=0).fit(X)
    assert pouf.n_iter_ == len(pouf.loss_curve_) == 7
    np.testing.assert_allclose(pouf.coef_, 100 * pouf.class_embeddings_)
    np.testing.assert_allclose(np.linalg.norm(pouf.class_embeddings_, axis=1), 1)
