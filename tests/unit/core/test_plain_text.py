"""Names are text in every figure, whatever is in them."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.text import Text

from credit_ml.core import Dataset
from credit_ml.core.figure import plain_logarithms
from credit_ml.fairness import audit


def test_amounts_of_money_are_no_mathematics():
    names = ["$10k-$20k", "$20k_{30k}$", "$x^{"]
    frame = pd.DataFrame({"x": range(6), "income": names * 2})
    data = Dataset.from_frame(frame, target=None, sensitive=["income"])
    axes = audit(frame["x"] > 2, data).plot()
    axes.figure.draw_without_rendering()  # a notebook draws later, in its own settings
    assert {label.get_text().partition(" (")[0] for label in axes.get_yticklabels()} == {*names}
    assert not any(text.get_parse_math() for text in axes.findobj(Text) if "$" in text.get_text())


def test_logarithms_are_written_in_digits():
    _, axes = plt.subplots()
    plain_logarithms(axes, "xy")
    axes.plot([1, 10, 100], [0.01, 0.1, 1])
    axes.figure.draw_without_rendering()
    shown = {label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())}
    assert {"1", "10", "100", "0.01", "0.1"} <= shown
