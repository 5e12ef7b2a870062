"""
Optuna without labels
=====================

Optuna's search works in the same way as scikit-learn's:
``pip install optuna-integration[sklearn]``.
"""

import warnings

import optuna
from optuna.distributions import FloatDistribution
from optuna_integration import OptunaSearchCV
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy

X, digits = load_digits(return_X_y=True)
X, digits = X[:600], digits[:600]  # so that the example is quick
optuna.logging.set_verbosity(optuna.logging.WARNING)
warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
search = OptunaSearchCV(
    TurtleClustering(
        n_clusters=10, cluster_prior="uniform", n_init=4, polish_iter=20, random_state=0
    ),
    {
        "gamma": FloatDistribution(1.0, 30.0, log=True),
        "outer_lr": FloatDistribution(0.003, 0.03, log=True),
    },
    cv=2,
    n_trials=3,
    random_state=0,
)
search.fit(X)
print("best parameters:", search.best_params_)
print(f"generalization score: {search.best_score_:.3f}")
print(f"accuracy: {clustering_accuracy(digits, search.best_estimator_.labels_):.3f}")
