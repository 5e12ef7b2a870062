"""Progress is shown, and callbacks are called."""

import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_turtle import stack_spaces
from tests.support.two_spaces import small_turtle, two_spaces

SPACES, Y = two_spaces()
N_STEPS = 140  # of the search and of four phases of the polish


def turtle(**parameters):
    return small_turtle(max_iter=60, polish_iter=20, **parameters)


@pytest.mark.parametrize(("verbose", "n_lines"), [(0, 0), (1, 11), (2, N_STEPS + 1)])
def test_verbose_prints_the_steps(capsys, verbose, n_lines):
    turtle(verbose=verbose).fit(SPACES)
    lines = capsys.readouterr().out.splitlines()
    assert sum("step" in line or "samples" in line for line in lines) == n_lines
    if verbose:
        assert "240 samples in 2 space(s) of [12, 8] features, 4 clusters" in lines[0]
        assert any("step 112/140, loss" in line for line in lines)


class Recorder:
    """A callback that records what it is told."""

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
        return sum(event == ("end", "outer step") for event in self.events) == self.stop_after


@pytest.fixture
def callback():
    return pytest.importorskip("sklearn.callback", reason="scikit-learn >= 1.9 has callbacks")


@pytest.mark.usefixtures("callback")
class TestCallbacks:
    def test_each_outer_step_is_a_task(self):
        recorder = Recorder()
        turtle().set_callbacks(recorder).fit(SPACES, Y)
        step = [("begin", "outer step"), ("end", "outer step")]
        expected = ["setup", ("begin", "fit"), *(step * N_STEPS), ("end", "fit"), "teardown"]
        assert recorder.events == expected
        assert recorder.scores[-1] > 0.8
        assert recorder.scores[0] < recorder.scores[-1]

    # seven steps may leave a cluster empty
    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
    def test_a_callback_stops_the_fit(self):
        fitted = turtle().set_callbacks(Recorder(stop_after=7)).fit(SPACES)
        assert fitted.n_iter_ == 7
        assert fitted.labels_.shape == (240,)

    def test_a_callback_stops_the_polish(self):
        fitted = turtle().set_callbacks(Recorder(stop_after=70)).fit(SPACES)
        assert fitted.n_iter_ == 70

    def test_teardown_after_a_failure(self):
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
        assert len(scores) == N_STEPS + 1
        assert max(scores) > 0.8
        assert "TurtleClustering" in capsys.readouterr().out
        assert not hasattr(fitted, "_callback_fit_ctx")

    def test_inside_a_grid_search_and_a_pipeline(self, callback, capsys):
        pytest.importorskip("rich")
        X, widths = stack_spaces(SPACES)
        search = GridSearchCV(turtle(spaces=widths, n_init=1), {"gamma": [1.0, 10.0]}, cv=2)
        search.set_callbacks(callback.ProgressBar(max_propagation_depth=None)).fit(X)
        assert "TurtleClustering" in capsys.readouterr().out
        recorder = Recorder()
        pipeline = make_pipeline(StandardScaler(), turtle(spaces=widths).set_callbacks(recorder))
        pipeline.fit(X)
        assert recorder.events.count(("end", "outer step")) == N_STEPS
