"""What is made of an object is made once, and never of another one in its place."""

import gc

from credit_ml.grammar.columns import forget_columns, remembered


class Held:
    """An object that can be told from others."""

    def __init__(self, value):
        self.value = value


def counting():
    made = []

    @remembered
    def value(held):
        made.append(held.value)
        return held.value

    return value, made


def test_it_is_made_once_and_anew_when_all_is_forgotten():
    value, made = counting()
    held = Held(1)
    assert [value(held), value(held)] == [1, 1]
    assert made == [1]
    held.value = 2
    forget_columns()
    assert value(held) == 2


def test_an_object_in_the_place_of_one_that_has_gone_is_another():
    value, _ = counting()
    for number in range(200):
        assert value(Held(number)) == number
        gc.collect(0)


def test_two_functions_of_one_object_do_not_share():
    one, _ = counting()

    @remembered
    def other(held):
        return -held.value

    held = Held(3)
    assert (one(held), other(held), one(held)) == (3, -3, 3)
