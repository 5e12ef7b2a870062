import re

import pytest
import torch
from sklearn.base import BaseEstimator
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_turtle import stack_spaces
from sklearn_turtle._estimator._progress import FitProgress, Progress
from tests.support.two_spaces import clear_spaces, small_turtle

SPACES, Y = clear_spaces()
X, WIDTHS = stack_spaces(SPACES)


def turtle(**parameters):
    return small_turtle(max_iter=30, polish_iter=10, **parameters)


class Verbose(BaseEstimator):
    """An estimator without callbacks."""

    def __init__(self, verbose=0):
        self.verbose = verbose


class TestVerbose:
    def test_silent_by_default(self, capsys):
        turtle().fit(SPACES)
        assert capsys.readouterr().out == ""

    def test_problem_is_described(self, capsys):
        turtle(verbose=1).fit(SPACES)
        first = capsys.readouterr().out.splitlines()[0]
        assert "240 samples in 2 space(s) of [12, 8] features, 4 clusters" in first
        assert "8 restart(s) on cpu" in first

    @pytest.mark.parametrize("verbose", [1, 2])
    def test_steps_are_counted(self, capsys, verbose):
        n_iter = turtle(verbose=verbose).fit(SPACES).n_iter_
        lines = capsys.readouterr().out.splitlines()[1:]
        counted = [int(re.search(r"step (\d+)/\d+, loss -?\d+\.\d+", line)[1]) for line in lines]
        if verbose == 2:
            assert counted == list(range(1, n_iter + 1))
        else:
            assert 8 <= len(counted) <= 12
            assert counted == sorted(set(counted))

    def test_one_of_several_processes_prints(self, capsys):
        Progress(Verbose(verbose=2), silent=True).say("a message")
        assert capsys.readouterr().out == ""
        Progress(Verbose(verbose=2)).say("a message")
        assert re.fullmatch(r"\[Verbose\] +\d+\.\d s: a message\n", capsys.readouterr().out)


def test_scikit_learn_may_have_no_callbacks(capsys):
    progress = FitProgress(Verbose(verbose=1), 1, None, SPACES, None)
    progress.begin_step()
    assert not progress.end_step(0, torch.tensor([1.0, 3.0]), None)
    progress.end({})
    assert "step 1/1, loss 2.0000" in capsys.readouterr().out


class Recorder:
    """A callback that records its calls, and may stop the fit."""

    def __init__(self, stop_after=None):
        self.stop_after = stop_after
        self.events = []
        self.scores = []

    def setup(self, estimator, context):
        self.events.append("setup")

    def teardown(self, estimator, context):
        self.events.append("teardown")

    def on_fit_task_begin(self, estimator, context):
        self.events.append(("begin", context.task_name))

    def on_fit_task_end(self, estimator, context, *, X, y, fitted_estimator):
        self.events.append(("end", context.task_name))
        if y is not None:
            self.scores.append(adjusted_rand_score(y, fitted_estimator.predict(X)))
        return self.n_steps == self.stop_after

    @property
    def n_steps(self):
        return self.events.count(("end", "outer step"))


@pytest.fixture
def callback():
    return pytest.importorskip("sklearn.callback", reason="needs scikit-learn >= 1.9")


@pytest.mark.usefixtures("callback")
class TestCallbacks:
    def test_each_outer_step_is_a_task(self):
        recorder = Recorder()
        fitted = turtle().set_callbacks(recorder).fit(SPACES, Y)
        steps = [("begin", "outer step"), ("end", "outer step")] * fitted.n_iter_
        assert recorder.events == ["setup", ("begin", "fit"), *steps, ("end", "fit"), "teardown"]
        assert recorder.scores[-1] > 0.8
        assert recorder.scores[0] < recorder.scores[-1]

    # few steps may leave clusters empty, and restarts that disagree
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    @pytest.mark.filterwarnings("ignore:The restarts hardly agree")
    @pytest.mark.parametrize("n_steps", [7, 35], ids=["in the search", "in the polish"])
    def test_callbacks_stop_the_fit(self, n_steps):
        fitted = turtle().set_callbacks(Recorder(stop_after=n_steps)).fit(SPACES)
        assert fitted.n_iter_ == len(fitted.loss_curve_) == n_steps
        assert fitted.labels_.shape == (240,)

    def test_teardown_follows_a_failure(self):
        class Failing(Recorder):
            def on_fit_task_end(self, estimator, context):
                raise RuntimeError("from the callback")

        failing = Failing()
        fitted = turtle().fit(SPACES)
        coef = fitted.coef_
        with pytest.raises(RuntimeError, match="from the callback"):
            fitted.set_callbacks(failing).fit(SPACES)
        assert failing.events[-1] == "teardown"
        assert fitted.coef_ is coef

    def test_scoring_monitor_and_progress_bar(self, callback, capsys):
        pytest.importorskip("rich")
        monitor = callback.ScoringMonitor(scoring="adjusted_rand_score")
        fitted = turtle().set_callbacks(monitor, callback.ProgressBar()).fit(SPACES, Y)
        scores = [row["adjusted_rand_score"] for row in monitor.get_logs().data]
        assert len(scores) == fitted.n_iter_ + 1
        assert max(scores) > 0.8
        assert "TurtleClustering" in capsys.readouterr().out
        assert not hasattr(fitted, "_callback_fit_ctx")

    def test_in_a_grid_search(self, callback, capsys):
        pytest.importorskip("rich")
        search = GridSearchCV(turtle(spaces=WIDTHS), {"gamma": [5.0, 10.0]}, cv=2)
        search.set_callbacks(callback.ProgressBar(max_propagation_depth=None)).fit(X)
        assert "TurtleClustering" in capsys.readouterr().out

    def test_in_a_pipeline(self):
        recorder = Recorder()
        pipeline = make_pipeline(StandardScaler(), turtle(spaces=WIDTHS).set_callbacks(recorder))
        pipeline.fit(X)
        assert recorder.n_steps == pipeline[-1].n_iter_
