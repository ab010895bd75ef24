"""Published gaps between groups, met again with this package's instruments.

Run with ``python experiments/replications/fairness.py``; writes fairness.md beside it.
"""

import pandas as pd
from claims import Claim, digits, write
from sklearn.linear_model import LinearRegression
from sources import FINANCES, berkeley, boston, compas, german

from credit_ml.core import Dataset
from credit_ml.fairness import audit
from credit_ml.proxies import CausalGraph, causal_effects, decompose

FPP = "Freedman, Pisani and Purves (2007), Statistics, ch. 2"
BOOK = "Stock and Watson (2007), Introduction to Econometrics"
LARSON = "Larson et al. (2016), How we analyzed the COMPAS recidivism algorithm"
DRESSEL = "Dressel and Farid (2018), Science Advances 4"
KAMIRAN = "Kamiran and Calders (2009), IC4"

#: Per cent admitted, men and women, of the six largest departments.
ADMITTED = {
    "A": (62, 82), "B": (63, 68), "C": (37, 34), "D": (33, 35), "E": (28, 24), "F": (6, 7),
}  # fmt: skip
BY_DEPARTMENT = CausalGraph(mediators=["department"])


def rates(decisions: pd.Series, data: Dataset, **options: object) -> pd.Series:
    """Return an audit's values by metric, sensitive feature and group."""
    found = audit(decisions, data, **options).table
    found = found[found["quantity"] == "value"]
    return found.set_index(["measure", "sensitive", "group"])["estimate"].sort_index()


def admissions() -> list[Claim]:
    """Berkeley: departments differ little, or favour women; the total does not."""
    data = berkeley()
    found = rates(data.y, data, metrics=["selection_rate"])["selection_rate"]
    claims = [
        Claim(source=FPP, claim=f"% of {name} admitted to department {department}",
              published=share, ours=100 * found["Gender x Dept", f"{sex} x {department}"],
              tolerance=0.5)
        for department, shares in ADMITTED.items()
        for sex, name, share in zip(("Male", "Female"), ("men", "women"), shares, strict=True)
    ]  # fmt: skip
    for sex, name, published in (("Male", "men", 39), ("Female", "women", 43)):
        claims.append(
            Claim(source=FPP, claim=f"% of {name} admitted, departments weighted by all applicants",
                  published=published, ours=100 * weighted(data, sex), tolerance=0.5)
        )  # fmt: skip
    return claims


def weighted(data: Dataset, sex: str) -> float:
    """Rate of one sex if it applied to departments as everybody does.

    ``E[Y_sex | other] = E[Y | other] - direct`` is its rate in the other sex's departments.
    """
    other = "Female" if sex == "Male" else "Male"
    found = causal_effects(
        data.y, data, sensitive="Gender", graph=BY_DEPARTMENT, reference_groups=sex
    ).table.set_index("effect")["estimate"]
    rate = rates(data.y, data, metrics=["selection_rate"], sensitive="Gender")["selection_rate"]
    share = (data.groups("Gender") == sex).mean()
    moved = rate["Gender", other] - found["direct"]
    return float(share * rate["Gender", sex] + (1 - share) * moved)


def mortgages() -> list[Claim]:
    """Boston: a denial gap of 19 points, of which ability to pay explains little."""
    data = boston(("pirat",))
    found = rates(data.y, data, metrics=["selection_rate"])["selection_rate", "afam"]
    own = "coefficient of black, linear probability model"
    return [
        Claim(source=BOOK, claim="% of black applicants denied", published=28.3,
              ours=100 * found["yes"], tolerance=0.05),
        Claim(source=BOOK, claim="% of white applicants denied", published=9.2,
              ours=100 * found["no"], tolerance=0.05),
        Claim(source=f"{BOOK}, eq. 11.3", claim=f"{own}, given payment to income",
              published=0.177, ours=carried_by_race(data), tolerance=0.0005),
        Claim(source=f"{BOOK}, Table 11.2 (1)", claim=f"{own}, given finances",
              published=0.084, ours=carried_by_race(boston(FINANCES)), tolerance=0.0005),
    ]  # fmt: skip


def carried_by_race(data: Dataset) -> float:
    """Part of the denial gap that race itself carries in a pooled least squares."""
    model = LinearRegression().fit(data.X, data.y)
    found = decompose(
        model, data, sensitive="afam", reference_groups="no", method="kitagawa_oaxaca_blinder"
    )
    return float(found.table.set_index("factor")["estimate"]["race"])


def recidivism() -> list[Claim]:
    """COMPAS: errors of opposite kinds for black and white defendants."""
    data, labelled = compas()
    found = rates(labelled, data)
    black, white = ("race", "African-American"), ("race", "Caucasian")
    everybody = ("overall", "all")
    claimed = [
        ("false_positive_rate", black, "% labelled of black defendants not rearrested", 44.85),
        ("false_positive_rate", white, "% labelled of white defendants not rearrested", 23.45),
        ("missed", black, "% not labelled of black defendants rearrested", 27.99),
        ("missed", white, "% not labelled of white defendants rearrested", 47.72),
        ("false_positive_rate", everybody, "% labelled of all not rearrested", 32.35),
        ("missed", everybody, "% not labelled of all rearrested", 37.40),
    ]
    missed = 1 - found["true_positive_rate"]
    claims = [
        Claim(source=LARSON, claim=claim, published=published, tolerance=0.005,
              ours=100 * (missed[who] if metric == "missed" else found[metric, *who]))
        for metric, who, claim, published in claimed
    ]  # fmt: skip
    accuracy = 100 * found["accuracy", *everybody]
    claims.append(Claim(source=DRESSEL, claim="% foretold rightly by the label", published=65.4,
                        ours=accuracy, tolerance=0.05))  # fmt: skip
    return claims


def loans() -> list[Claim]:
    """German credit: applicants of at most 25 are called good less often."""
    data = german()
    found = rates(data.y, data, sensitive="age_band", metrics=["count", "selection_rate"])
    people = found["count", "age_band"]
    good = found["selection_rate", "age_band"]
    return [
        Claim(source=KAMIRAN, claim="applicants of at most 25 years", published=190,
              ours=people["under 26"], tolerance=0),
        Claim(source="quoted in the literature on this cut", published=0.728, tolerance=0.0005,
              claim="share of good loans, over 25", ours=good["26 and over"]),
        Claim(source="quoted in the literature on this cut", published=0.579, tolerance=0.0005,
              claim="share of good loans, at most 25", ours=good["under 26"]),
    ]  # fmt: skip


def unpublished() -> list[str]:
    """Say what `causal_effects` adds to the two mortgage and admission gaps."""
    admitted, denied = berkeley(), boston(FINANCES)
    found = {
        "Berkeley, women minus men, department as mediator (strata)": causal_effects(
            admitted.y, admitted, sensitive="Gender", graph=BY_DEPARTMENT
        ),
        "Boston, denial, black minus white, finances as mediators (doubly robust, linear)":
            causal_effects(denied.y, denied, sensitive="afam", estimator="linear",
                           graph=CausalGraph(mediators=FINANCES)),
    }  # fmt: skip
    return [
        f"Not published. {name}: "
        + "; ".join(
            f"{row['effect']} {digits(round(row['estimate'], 4))} "
            f"({digits(round(row['low'], 4))} to {digits(round(row['high'], 4))})"
            for row in each.table.to_dict("records")
            if row["effect"] not in ("total", "spurious")
        )
        + "."
        for name, each in found.items()
    ]


def claims() -> list[Claim]:
    """Every published number beside ours."""
    return [*admissions(), *mortgages(), *recidivism(), *loans()]


def main() -> None:
    """Write the table."""
    write(
        "fairness.md",
        "Published gaps, met again",
        claims(),
        [
            "Tolerance: half a unit of the last digit that the source prints.",
            *unpublished(),
            "The direct part of the Berkeley gap is of the women: their rate minus that of men "
            "in the departments to which the women applied. It is causal only if sex and "
            "admission have no common cause, and department and admission none either.",
        ],
    )


if __name__ == "__main__":
    main()
