"""Reading ahead gives the same things in the same order."""

import threading

import pytest

from sklearn_turtle._solver.rows._reading import read_ahead


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("n_items", [0, 1, 5])
def test_results_come_in_order(ahead, n_items):
    assert list(read_ahead(lambda item: item * 2, range(n_items), ahead=ahead)) == [
        2 * item for item in range(n_items)
    ]


def test_the_next_is_read_while_the_last_is_worked_on():
    second_is_read = threading.Event()

    def read(item):
        if item == 1:
            second_is_read.set()
        return item

    results = read_ahead(read, range(3))
    assert next(results) == 0
    assert second_is_read.wait(10)
    assert list(results) == [1, 2]


def test_items_are_taken_one_ahead_and_no_more():
    taken = []

    def items():
        for item in range(10):
            taken.append(item)
            yield item

    results = read_ahead(lambda item: item, items())
    next(results)
    assert taken == [0, 1]


def test_what_is_raised_reaches_the_caller():
    def read(item):
        raise OSError(f"disk {item}")

    with pytest.raises(OSError, match="disk 0"):
        next(read_ahead(read, range(3)))
