"""Two simulators of whynot beside ours: delayed impact, and response to a credit classifier.

Run with ``python experiments/replications/whynot_simulators.py``; writes whynot_simulators.md
beside it. whynot has an environment of its own (``python -m venv peer``, then ``peer/bin/pip
install "numpy<1.24" "pandas<2" "scipy<1.11" "scikit-learn<1.3" networkx tqdm autograd
statsmodels`` and ``peer/bin/pip install --no-deps whynot==0.12.0``); its numbers are computed again
with ``WHYNOT_PYTHON=peer/bin/python``, in two minutes.
"""

from typing import Any

import numpy as np
import pandas as pd
import peer
import perdomo2020
from claims import Claim, write
from sklearn.linear_model import LogisticRegression

from credit_ml.consequences import LoanTerms, ScoredGroup, scored_groups
from credit_ml.datasets import transrisk
from credit_ml.strategic import LinearShift

SOURCE = "whynot 0.12.0, delayed_impact"
CREDIT = "whynot 0.12.0, credit"
#: Points from which each group, black and white, borrows: their default, and about the lines of
#: Liu et al. (2018) at a loss of 4.
LINES = {
    "default": (650.0, 650.0),
    "max utility": (645.0, 613.75),
    "equal opportunity": (557.29, 630.96),
    "demographic parity": (480.10, 649.17),
}
GROUPS = ("black", "white")
PEOPLE = 20_000
#: Their numbers are means over simulated people: how many of their own standard errors ours may be
#: away. Of 24 normal numbers, one is further than this in 1.1 % of such tables.
ERRORS = 3.5
#: A default of theirs costs 4 times the gain of a loan; their scale has these ends.
LOSS, LOW, HIGH = 4.0, 350.0, 800.0
WORDS = {
    "change": "mean change of points",
    "loans": "share with loans",
    "utility": "lender's gain a member",
}
#: How strongly people respond to the classifier.
SENSITIVITIES = (0.1, 1.0, 100.0)
#: What the two packages compute by the same formula may differ by rounding alone.
ROUNDING = 1e-9


def inverted(group: pd.DataFrame) -> pd.DataFrame:
    """A group's table as their sampler of first states has it.

    They draw a share of the group, take the score whose cumulative share is nearest, and leave out
    the highest score, so each score gets half of its own share and half of the next one's.
    """
    rows = group.sort_values("points").iloc[:-1]
    below = np.cumsum(group.sort_values("points")["mass"].to_numpy())[:-1]
    halfway = np.concatenate([[0.0], (below[1:] + below[:-1]) / 2, [1.0]])
    return rows.assign(mass=np.diff(halfway))


def groups(*, theirs: bool) -> list[ScoredGroup]:
    """Both groups of the TransRisk tables, at the shares of ours or of theirs."""
    table = transrisk()
    if theirs:
        parts = [inverted(table[table["group"] == name]) for name in GROUPS]
        table = pd.concat(parts, ignore_index=True)
    return scored_groups(table, list(GROUPS))


def impact(
    group: ScoredGroup, line: float, terms: LoanTerms, *, all_move: bool
) -> dict[str, float]:
    """What lending from a line up does to a group; also to those without loans if all move.

    Without a loan nothing is gained or lost, but their scale's ends still take hold of everybody.
    """
    loans = (group.points >= line).astype(np.float64)
    change = group.change(loans, terms)
    if all_move:
        ends = LoanTerms(gain=0.0, loss=0.0, low=terms.low, high=terms.high)
        change += group.change(1.0 - loans, ends)
    return {
        "change": change,
        "loans": float(group.mass @ loans),
        "utility": group.utility(loans, LOSS),
    }


def impact_claims(theirs: dict[str, Any]) -> list[Claim]:
    """Theirs beside our instrument under their conventions."""
    terms = LoanTerms(low=LOW, high=HIGH)
    found = []
    for name, lines in LINES.items():
        for group, line in zip(groups(theirs=True), lines, strict=True):
            ours = impact(group, line, terms, all_move=True)
            for what, words in WORDS.items():
                mean, error = theirs[name][group.name][what]
                claim = f"{words}, lines of {name}: {group.name}"
                found.append(
                    Claim(
                        source=SOURCE,
                        claim=claim,
                        published=mean,
                        ours=ours[what],
                        tolerance=ERRORS * error,
                    )
                )
    return found


def conventions(theirs: dict[str, Any]) -> list[str]:
    """Our own change of points, and how each of their conventions moves it, as lines of a table."""
    lines = [
        "| lines | group | ours | shares by nearest | ends for borrowers | ends for all | theirs "
        "| moved without a loan (%) |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    short = LoanTerms(low=LOW, high=HIGH)
    steps = (
        (False, LoanTerms(), False),
        (True, LoanTerms(), False),
        (True, short, False),
        (True, short, True),
    )
    for name, pair in LINES.items():
        for place, group in enumerate(GROUPS):
            told = [
                impact(groups(theirs=nearest)[place], pair[place], terms, all_move=everybody)
                for nearest, terms, everybody in steps
            ]
            at = theirs[name][group]
            numbers = [*(each["change"] for each in told), at["change"][0]]
            shown = " | ".join(f"{number:+.2f}" for number in numbers)
            moved = 100 * at["moved without a loan"]
            lines.append(f"| {name} | {group} | {shown} | {moved:.1f} |")
    return lines


def classifier(weights: list[float]) -> LogisticRegression:
    """A classifier of ours with the weights that theirs was given: of defaulting, the bias last."""
    model = perdomo2020.rater(penalised=True)
    model.coef_ = -np.asarray([weights])
    return model


def response_claims(asked: dict[str, Any], theirs: dict[str, Any]) -> list[Claim]:
    """What people do in response to one classifier, and what it then loses on them."""
    data, model = perdomo2020.people(bias=True), classifier(asked["weights"])
    sign = np.where(data.y == 1, 1.0, -1.0)
    found = []
    for name, at in theirs.items():
        respond = LinearShift(strength=float(name), columns=perdomo2020.STRATEGIC)
        X = respond(model, data).X
        ours = [float(X[column].mean()) for column in perdomo2020.STRATEGIC]
        scored = X[list(model.feature_names_in_)].to_numpy() @ model.coef_[0]
        pairs = {
            **{
                f"mean of {column}": pair
                for column, *pair in zip(perdomo2020.STRATEGIC, at["means"], ours, strict=True)
            },
            "mean log loss": [at["loss"], float(np.logaddexp(0, -sign * scored).mean())],
        }
        found += [
            Claim(
                source=CREDIT,
                claim=f"{what} after people respond at {name}",
                published=first,
                ours=second,
                tolerance=ROUNDING * max(1.0, abs(first)),
            )
            for what, (first, second) in pairs.items()
        ]
    return found


def request() -> dict[str, Any]:
    """What whynot is asked for; the weights are of a classifier fitted here, rounded."""
    weights = [round(-float(each), 4) for each in perdomo2020.rater(penalised=True).coef_[0]]
    return {"people": PEOPLE, "lines": LINES, "weights": weights, "sensitivities": SENSITIVITIES}


def main() -> None:
    """Write the tables; ask whynot again where it is there."""
    data = perdomo2020.DATA.is_file()
    if data and peer.there("WHYNOT_PYTHON"):
        asked = request()
        found = peer.run("WHYNOT_PYTHON", "whynot_side.py", asked=asked)
        peer.keep("whynot", {"asked": asked} | found)
    elif not data:
        print(f"{perdomo2020.DATA.name} is absent: whynot_simulators.md is left as it is")
        return
    numbers = peer.kept("whynot")
    path = write(
        "whynot_simulators.md",
        "Two simulators of whynot, beside ours",
        impact_claims(numbers["impact"]) + response_claims(numbers["asked"], numbers["response"]),
        notes(),
        what="numbers of whynot",
    )
    text = path.read_text(encoding="utf-8").replace("| published |", "| whynot |", 1)
    told = "\n".join(conventions(numbers["impact"]))
    path.write_text(f"{text}\n{told}\n", encoding="utf-8")


def notes() -> list[str]:
    """What the tables rest on, and what was found."""
    black, white = groups(theirs=False)
    most = LoanTerms()
    gained = HIGH - most.gain
    cut, lost = (100 * float(white.mass[white.points > line].sum()) for line in (gained, HIGH))
    below = 100 * float(black.mass[black.points < LOW].sum())
    plain = impact(white, LINES["default"][1], most, all_move=False)["change"]
    short = LoanTerms(low=LOW, high=HIGH)
    small = 1 - impact(white, LINES["default"][1], short, all_move=True)["change"] / plain
    return [
        f"Tolerances, fixed first: {ERRORS} standard errors of whynot's mean over {PEOPLE:,} "
        f"simulated people a group; {ROUNDING:g} where both compute one formula.",
        "Held to whynot is our instrument under its conventions. It leaves out the highest score "
        "and takes the score whose cumulative share is nearest to a number drawn, so each score "
        "has half of its own share and half of the next one's; and its scale ends at "
        f"{LOW:g} and {HIGH:g}. Our own numbers are in the table below, with what each convention "
        "does, one after the other.",
        f"Its scores run from {most.low:g} to {most.high:g}, as in Liu et al., but its ends are "
        f"{LOW:g} and {HIGH:g}, and it moves everybody within them. So a repaid loan brings less "
        f"than {most.gain:g} points above {gained:g}, where {cut:.0f} % of white people stand, "
        f"and takes points above {HIGH:g}, where {lost:.0f} % do; and who stands below {LOW:g}, "
        f"{below:.0f} % of black people, is lifted to it without a loan. The fault is whynot's: "
        "its ends should be those of its scores. The white group's gain at the default lines is "
        f"{100 * small:.0f} % too small by it; in the black group two errors cancel.",
        "The response to a classifier is the same to the last digits. whynot's classifier tells "
        "who defaults and people move against its weights; ours tells who repays. Its penalty "
        "leaves out the last weight, that of a column of ones.",
    ]


if __name__ == "__main__":
    main()
