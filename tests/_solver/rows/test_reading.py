import threading

import pytest

from sklearn_turtle._solver.rows._reading import read_ahead


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("n_items", [0, 1, 5])
def test_results_come_in_order(ahead, n_items):
    results = list(read_ahead(lambda item: item * 2, range(n_items), ahead=ahead))
    assert results == [2 * item for item in range(n_items)]


def test_the_next_item_is_read_during_the_work_on_the_current_one():
    second_is_read = threading.Event()

    def read(item):
        if item == 1:
            second_is_read.set()
        return item

    results = read_ahead(read, range(3))
    assert next(results) == 0
    assert second_is_read.wait(10)
    assert list(results) == [1, 2]


def test_only_one_item_is_taken_in_advance():
    taken = []

    def items():
        for item in range(10):
            taken.append(item)
            yield item

    results = read_ahead(lambda item: item, items())
    next(results)
    assert taken == [0, 1]


@pytest.mark.parametrize("ahead", [False, True])
def test_errors_reach_the_caller(ahead):
    def read(item):
        raise OSError(f"disk {item}")

    with pytest.raises(OSError, match="disk 0"):
        next(read_ahead(read, range(3), ahead=ahead))
