"""
Optuna without labels
=====================

Optuna's search drops in like scikit-learn's own: ``pip install optuna-integration[sklearn]``.
"""

import warnings

import optuna
from optuna.distributions import FloatDistribution
from optuna_integration import OptunaSearchCV
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.metrics import clustering_accuracy

X, digits = load_digits(return_X_y=True)
optuna.logging.set_verbosity(optuna.logging.WARNING)
warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
search = OptunaSearchCV(
    TurtleClustering(n_clusters=10, cluster_prior="uniform", n_init=4, random_state=0),
    {
        "gamma": FloatDistribution(1.0, 30.0, log=True),
        "outer_lr": FloatDistribution(0.003, 0.03, log=True),
    },
    cv=2,
    n_trials=4,
    random_state=0,
)
search.fit(X)
print("chosen:", search.best_params_)
print(f"generalization score: {search.best_score_:.3f}")
print(f"accuracy: {clustering_accuracy(digits, search.best_estimator_.labels_):.3f}")
