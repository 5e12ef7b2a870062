"""Settings of the optimization of HUME."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HumeSettings:
    """Settings of the optimization of one seed, with the names of the parameters of :class:`HUME`.

    Attributes
    ----------
    n_clusters : int
        Number of clusters.
    gamma : float
        Weight of the entropy of the mean labeling.
    temperature : float
        Initial temperature of the sparsemax.
    max_iter : int
        Number of outer steps.
    n_subsets, subset_size : int
        Number of subsets for each outer step, and their number of rows.
    validation_fraction : float
        Fraction of the rows of a subset on which the classifiers are evaluated.
    inner_steps, inner_lr : int, float
        Number of steps and learning rate of the classifiers.
    inner_start : {"cold", "fixed"}
        Initial weights of the classifiers: new ones for each subset, or always the same.
    outer_lr, max_grad_norm : float
        Initial learning rate of the labeling, and maximum norm of its gradient.
    annealing_steps : tuple of int
        Outer steps at which the learning rate and the temperature are divided by ten.
    """

    n_clusters: int
    gamma: float
    temperature: float
    max_iter: int
    n_subsets: int
    subset_size: int
    validation_fraction: float
    inner_steps: int
    inner_lr: float
    inner_start: str
    outer_lr: float
    max_grad_norm: float
    annealing_steps: tuple[int, ...]

    def annealing(self, step: int) -> float:
        """Factor of the learning rate and the temperature in an outer step, counted from 0."""
        factor: float = 0.1 ** sum(step >= milestone for milestone in self.annealing_steps)
        return factor

    def n_rows(self, n_samples: int) -> int:
        """Number of rows of a subset of ``n_samples`` rows."""
        return min(n_samples, self.subset_size)

    def n_train(self, n_rows: int) -> int:
        """Number of rows of a subset of ``n_rows`` rows on which the classifiers are trained."""
        return n_rows - min(max(1, round(n_rows * self.validation_fraction)), n_rows - 1)
