"""What peers can show of a rule, and who improves by it (Bechavod et al. 2022).

Run with ``python experiments/replications/bechavod2022.py``; writes bechavod2022.md beside it.
"""

import numpy as np
from claims import Claim, write
from numpy.typing import NDArray

from credit_ml.strategic import minimum_norm

Array = NDArray[np.float64]

SOURCE = "Bechavod et al. (2022)"
DERIVED = "derived from Bechavod et al. (2022)"
FEATURES, PEERS, WORLDS = 8, 5, 500


def span(X: Array) -> Array:
    """Projection on the span of peers' records."""
    basis, strength, _ = np.linalg.svd(X.T, full_matrices=False)
    basis = basis[:, strength > 1e-10 * strength.max()]
    return np.asarray(basis @ basis.T)


def welfare_rule(spans: list[Array], truth: Array) -> Array:
    """Rule of length 1 that maximises the groups' mean improvement.

    A group believes the rule's projection on its span and, at the cost of half the squared
    effort, moves by it; its improvement is the truth's product with that move.
    """
    rule = sum(spans) @ truth
    return np.asarray(rule / np.linalg.norm(rule))


def worlds() -> tuple[Array, Array, Array]:
    """Distance of beliefs from projections, least improvements, and room left by the bound."""
    random = np.random.default_rng(2022)
    distance, least, room = np.empty(WORLDS), np.empty(WORLDS), np.empty(WORLDS)
    for world in range(WORLDS):
        truth = random.normal(size=FEATURES)
        groups = random.normal(size=(2, PEERS, FEATURES))
        spans = [span(X) for X in groups]
        rule = welfare_rule(spans, truth)
        beliefs = minimum_norm(groups, groups @ rule)
        distance[world] = max(
            np.abs(belief - each @ rule).max() for belief, each in zip(beliefs, spans, strict=True)
        )
        gains = beliefs @ truth
        least[world] = gains.min()
        overlap = np.linalg.norm(beliefs[0] - beliefs[1])
        room[world] = np.linalg.norm(truth) * overlap - abs(gains[0] - gains[1])
    return distance, least, room


def harmed() -> float:
    """Improvement of a group that the welfare rule leads astray, where each knows one direction."""
    truth = np.array([1.0, 0.2])
    lines = [np.array([[0.0, 1.0]]), np.array([[1.0, -0.5]])]
    rule = welfare_rule([span(X) for X in lines], truth)
    return float(minimum_norm(lines[0], lines[0] @ rule) @ truth)


def same_friends() -> float:
    """Largest disparity of two groups with different peers of one span."""
    random = np.random.default_rng(7)
    largest = 0.0
    for _ in range(WORLDS):
        truth, X = random.normal(size=FEATURES), random.normal(size=(PEERS, FEATURES))
        other = random.normal(size=(PEERS, PEERS)) @ X
        rule = random.normal(size=FEATURES)
        gains = [float(minimum_norm(each, each @ rule) @ truth) for each in (X, other)]
        largest = max(largest, abs(gains[0] - gains[1]))
    return largest


def claims() -> list[Claim]:
    """The paper's statements as numbers: distances of 0, and yes as 1."""
    distance, _, room = worlds()
    return [
        Claim(
            source=SOURCE,
            claim="largest distance of the belief of minimum norm from the projection of the rule "
            "on the span of the group's peers",
            published=0.0,
            ours=float(distance.max()),
            tolerance=1e-8,
        ),
        Claim(
            source=SOURCE,
            claim="under the rule that is best for welfare, the true quality of a group can "
            "deteriorate (1: yes)",
            published=1.0,
            ours=float(harmed() < 0),
            tolerance=0.0,
        ),
        Claim(
            source=DERIVED,
            claim="disparity in improvement of two groups whose peers span the same",
            published=0.0,
            ours=same_friends(),
            tolerance=1e-6,
        ),
        Claim(
            source=DERIVED,
            claim="share of worlds in which the disparity exceeds the length of the truth times "
            "the distance of the two beliefs (their overlap)",
            published=0.0,
            ours=float((room < -1e-9).mean()),
            tolerance=0.0,
        ),
    ]


def main() -> None:
    """Write the table."""
    _, least, _ = worlds()
    write(
        "bechavod2022.md",
        "Information discrepancy, met again",
        claims(),
        [
            f"{WORLDS} worlds of two groups, each with {PEERS} peers drawn from a normal in "
            f"{FEATURES} dimensions; the rule of length 1 maximises mean improvement.",
            "The paper's abstract says that a group can deteriorate and that overlap of "
            "information characterises disparity; how it bounds disparity (Cauchy-Schwarz on the "
            "two beliefs) and that it is 0 with one span are derived here, not numbers of the "
            "paper.",
            f"A group's quality falls in {100 * float((least < 0).mean()):.1f} % of the random "
            "worlds; the example of harm has two groups that each see one direction.",
        ],
    )


if __name__ == "__main__":
    main()
