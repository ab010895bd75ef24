"""A second opinion on the society generator: docs/society.md again, in plain loops.

Nothing of the package is used, and nothing of its source was read. Noise is drawn block by block as
the page says; everything after that is worked out citizen by citizen in double precision. It is
slow and meant to be read beside the page: the functions stand in the order of its sections.
"""

import hashlib
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

Knobs = dict[str, Any]
Citizen = dict[str, Any]
Noise = dict[str, tuple[list[list[float]], list[list[float]]]]
Graph = list[set[int]]

BLOCK = 16_384
ROWS = {  # mechanism: rows of N, rows of U
    "population": (1, 6),
    "place": (1, 0),
    "address": (3, 0),
    "capacity": (5, 0),
    "history": (3, 3),
    "civic": (0, 2),
    "behaviour": (4, 5),
    "ratings": (3, 3),
    "platforms": (2, 14),
    "identity": (0, 1),
    "household": (0, 5),
    "ties": (1, 4),
    "outcome": (0, 4),
}
EDGES = (18.0, 30.0, 45.0, 60.0, 80.0)
BANDS = ("young", "middle", "older", "old")
JOBS = (0.08, 0.30, 0.37, 0.17, 0.08)  # none, informal, private, state, official
JOB_CUTS = ndtri(list(accumulate(JOBS))[:-1]).tolist()
TRUST_CUTS = ndtri(np.arange(1, 10) / 10).tolist()
WEIGHTS = (0.5, 0.25, 0.125, 0.06, 0.03, 0.015, 0.01, 0.01)
OUTSIDE = 0.25
STARS = ("drivers", "sellers", "contacts")
CONTEXTS = (
    "district",
    "work",
    "school",
    "hukou",
    "ethnicity",
    "gender",
    "age_band",
    "critic",
    "trust",
    "activity",
)
PEOPLE = (
    "hukou",
    "ethnicity",
    "gender",
    "age_band",
    "critic",
    "age",
    "city",
    "district",
    "partner_row",
)
RECORDS = (
    "late_payments",
    "bills_reported",
    "history_months",
    "judgments",
    "credit_used",
    "tax_notices",
    "spending",
    "merchants",
    "payment_places",
    "income",
    "tax_paid",
    "assets",
    "job",
    "job_years",
    "phone_years",
    "phone_quality",
    "district_price",
    "district_late",
    "address_years",
    "partner",
    "children",
    "gaming_hours",
    "game_spending",
    "online_hours",
    "diapers",
    "books",
    "trips",
    "gifts",
    "volunteer_hours",
    "traffic_fines",
    "critical_posts",
    "exam_cheating",
    "rides",
    "ride_cancellations",
    "dating_likes",
    "driver_stars",
    "seller_stars",
    "contact_stars",
    "ratings_count",
    "friends",
    "friends_late",
    "friends_spending",
    "friends_gaming",
    "friends_stars",
    "partner_late",
    "friends_judgments",
)
TRUTH = (
    "trust",
    "capacity",
    "level",
    "shock",
    "burden",
    "habits",
    "payments",
    "stars_withheld",
    "probability",
)
OUTCOME = ("kept", "kept_before", "granted_before")
HOLDERS = (*(f"company_{k}" for k in range(1, 9)), "linked")


# Chance


def stream(seed: int, name: str, number: int) -> np.random.Generator:
    """Return the generator of a named and numbered stream."""
    word = int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:4], "big")
    sequence = np.random.SeedSequence(seed, spawn_key=(word, number))
    return np.random.Generator(np.random.PCG64(sequence))


def block_sizes(citizens: int) -> list[int]:
    """Return the citizens of each block."""
    return [min(BLOCK, citizens - start) for start in range(0, citizens, BLOCK)]


def draw_noise(world: Knobs) -> Noise:
    """Draw every mechanism's rows of N and U, block by block, as rows over all citizens."""
    sizes = block_sizes(world["citizens"])
    noise: Noise = {}
    for name, (normals, uniforms) in ROWS.items():
        n: list[list[float]] = [[] for _ in range(normals)]
        u: list[list[float]] = [[] for _ in range(uniforms)]
        for number, size in enumerate(sizes):
            gauss = stream(world["seed"], f"{name}.normal", number)
            for k, row in enumerate(gauss.standard_normal((normals, size)).tolist()):
                n[k].extend(row)
            flat = stream(world["seed"], f"{name}.uniform", number)
            for k, row in enumerate(flat.random((uniforms, size)).tolist()):
                u[k].extend(row)
        noise[name] = (n, u)
    return noise


def column(rows: list[list[float]], i: int) -> list[float]:
    """Return citizen i's entry of every row."""
    return [row[i] for row in rows]


def exp(x: float) -> float:
    """Return e to the x, infinite where a double cannot hold it."""
    return math.exp(x) if x < 709 else math.inf


def poisson_quantile(u: float, rate: float) -> int:
    """Return Q(u, r): the smallest k with P(Poisson(r) <= k) >= u, at most 200."""
    if rate > 700:  # e to the -rate is no double, and 200 is 19 standard deviations below
        return 200
    term = below = math.exp(-rate)
    k = 0
    while below < u and k < 200:
        k += 1
        term *= rate / k
        below += term
    return k


def logistic(x: float) -> float:
    """Return L(x)."""
    return 1 / (1 + exp(-x))


def logit(share: float) -> float:
    """Return the inverse of L, -40 at 0 and 40 at 1."""
    if share in (0, 1):
        return 80.0 * share - 40
    return math.log(share / (1 - share))


def log(x: float) -> float:
    """Return the logarithm, minus infinity at zero."""
    return math.log(x) if x > 0 else -math.inf


def shift(d: Knobs, c: Citizen, population: Knobs) -> float:
    """Return d(i): what a mechanism's latent owes to who one is."""
    return (
        d["hukou"] * (c["hukou"] - population["rural"])
        + d["ethnicity"] * (c["ethnicity"] - population["minority"])
        + d["gender"] * (c["gender"] - population["women"])
        + d["critic"] * (c["critic"] - population["critics"])
        + d["age"] * (c["age"] - 45) / 15
    )


# People and trust


def band_shares(population: Knobs, rural: float) -> list[float]:
    """Return the shares of the four age bands; `rural` is 0, 1 or the share of everybody."""
    middle = (1 - population["young"] - population["old"]) / 2
    moved = population["young_by_hukou"] * (rural - population["rural"])
    return [population["young"] + moved, middle, middle, population["old"] - moved]


def trust_noise(population: Knobs, n: float, u: float) -> float:
    """Return the noise of trust, which a common cause shares with hukou."""
    cause = population["common_cause"]
    if cause == 0:
        return n
    return math.sqrt(1 - cause**2) * n + cause * float(ndtri(max(u, 1e-15)))


def count_at_most(cuts: list[float], x: float) -> int:
    """Return how many of the rising cut points are at most x."""
    return bisect_right(cuts, x)


def born(world: Knobs, noise: Noise, i: int) -> Citizen:
    """Return citizen i as born: sensitive features, age and trust."""
    population = world["population"]
    n, u = (column(rows, i) for rows in noise["population"])
    rural = int(u[0] < population["rural"])
    away = rural - population["rural"]
    band = count_at_most(list(accumulate(band_shares(population, rural)))[:-1], u[3])
    age = EDGES[band] + u[5] * (EDGES[band + 1] - EDGES[band])
    c: Citizen = {
        "hukou": rural,
        "ethnicity": int(u[1] < population["minority"] + population["minority_by_hukou"] * away),
        "gender": int(u[2] < population["women"] + population["women_by_hukou"] * away),
        "critic": int(u[4] < population["critics"]),
        "age_band": band,
        "age": float(np.float32(age)),
    }
    c["trust"] = trust_noise(population, n[0], u[0]) + shift(population["trust"], c, population)
    return c


# Cities, districts, address


def number_of_districts(citizens: int, world: Knobs) -> int:
    """Return D of a city of so many citizens."""
    knobs = world["address"]
    return max(knobs["least_districts"], round(citizens / knobs["people_per_district"]))


def city_sizes(world: Knobs) -> list[int]:
    """Return the citizens of each city."""
    size = world["address"]["citizens_per_city"]
    return [min(size, world["citizens"] - start) for start in range(0, world["citizens"], size)]


def districts_of(world: Knobs, city: int, citizens: int) -> list[tuple[float, float]]:
    """Return level and shock of each district of a city."""
    knobs = world["address"]
    count = number_of_districts(citizens, world)
    generator = stream(world["seed"], "districts", city)
    e, z = generator.standard_normal((2, count)).tolist()
    rise = knobs["city_spread"] * (generator.standard_normal() if city > 0 else 0.0)
    scores = [float(ndtri((d + 0.5) / count)) for d in range(count)]
    spread = math.sqrt(sum(score**2 for score in scores) / count) if knobs["even_levels"] else 1.0
    districts = []
    for d in range(count):
        level = rise + knobs["gradient"] * scores[d] / (spread or 1.0)
        districts.append((level + knobs["unevenness"] * e[d], knobs["shocks"] * z[d]))
    return districts


def age_variance(population: Knobs) -> float:
    """Return the variance of an age that is uniform within bands."""
    mean = square = 0.0
    shares = band_shares(population, population["rural"])
    for share, (low, high) in zip(shares, pairwise(EDGES), strict=True):
        mean += share * (low + high) / 2
        square += share * (low**2 + low * high + high**2) / 3
    return square - mean**2


def place_variance(world: Knobs) -> float:
    """Return v, the variance of place over the population."""
    population, d = world["population"], world["address"]["dependence"]
    hukou = population["rural"] * (1 - population["rural"])
    # What each feature owes to hukou: its difference between rural and urban citizens.
    young, old = (sum(EDGES[k : k + 2]) / 2 for k in (0, 3))
    owed = {
        "hukou": 1.0,
        "ethnicity": population["minority_by_hukou"],
        "gender": population["women_by_hukou"],
        "critic": 0.0,
        "age": population["young_by_hukou"] * (young - old) / 15,
    }
    own = {"age": age_variance(population) / 15**2}
    for feature, knob in (
        ("hukou", "rural"),
        ("ethnicity", "minority"),
        ("gender", "women"),
        ("critic", "critics"),
    ):
        own[feature] = population[knob] * (1 - population[knob])
    variance = 1 + world["address"]["trust_sorting"] ** 2
    variance += sum(d[name] ** 2 * (own[name] - owed[name] ** 2 * hukou) for name in owed)
    return variance + hukou * sum(d[name] * owed[name] for name in owed) ** 2


def live_somewhere(world: Knobs, noise: Noise, i: int, c: Citizen, towns: Knobs) -> None:
    """Give citizen i a district and what goes with an address."""
    knobs, population = world["address"], world["population"]
    c["city"] = i // knobs["citizens_per_city"]
    town = towns["cities"][c["city"]]
    place = shift(knobs["dependence"], c, population)
    place += knobs["trust_sorting"] * c["trust"] + noise["place"][0][0][i]
    rank = float(ndtr(place / math.sqrt(towns["variance"])))
    c["local_district"] = min(math.floor(len(town) * rank), len(town) - 1)
    c["district"] = c["city"] * len(towns["cities"][0]) + c["local_district"]
    c["level"], c["shock"] = town[c["local_district"]]

    n = column(noise["address"][0], i)
    p = shift(knobs["phone"], c, population)
    c["phone_years"] = 4 * exp(0.6 * n[0] + 0.5 * p)
    c["phone_quality"] = min(max(round(4 + 1.5 * p + 2 * n[1]), 0), 10)
    c["address_years"] = 6 * exp(0.7 * n[2] + 0.5 * p)
    c["district_price"] = knobs["median_price"] * exp(0.4 * c["level"])


# Capacity


def earn(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i capacity, income, assets and a job."""
    knobs = world["capacity"]
    n = column(noise["capacity"][0], i)
    c["capacity"] = capacity = (
        shift(knobs["dependence"], c, world["population"])
        + knobs["local"] * c["level"]
        - knobs["shock"] * c["shock"]
        + n[0]
    )
    c["income"] = knobs["median_income"] * exp(knobs["income_spread"] * capacity + 0.15 * n[1])
    c["tax_paid"] = 12 * 0.10 * max(c["income"] - 3.5, 0)
    c["assets"] = 60 * exp(0.9 * capacity + 0.8 * n[2])
    c["job"] = count_at_most(JOB_CUTS, 0.8 * capacity + 0.6 * n[3])
    c["job_years"] = 4 * exp(0.2 * capacity + 0.8 * n[4])
    if knobs["age_limits"]:
        c["job_years"] = min(c["job_years"], c["age"] - 17)


# History


def borrow(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i bills, a file, credit, judgments and tax notices."""
    knobs, population = world["history"], world["population"]
    n, u = (column(rows, i) for rows in noise["history"])
    c["burden"] = burden = (
        shift(knobs["dependence"], c, population)
        - knobs["trust"] * c["trust"]
        - knobs["capacity"] * c["capacity"]
        + knobs["shock"] * c["shock"]
        + knobs["after_break"] * (noise["outcome"][1][3][i] >= logistic(keeping(world, c)))
    )
    r = shift(knobs["reporting"], c, population) - knobs["depth"] * burden
    joins = 1.0 if is_linked(world, noise, i, c) else 1 - world["identity"]["off_file"]
    on_file = 96 * logistic(logit(knobs["reported"]) + r + 0.4 * n[0]) * joins
    c["bills_reported"] = round(on_file)
    c["late_bills"] = poisson_quantile(u[0], knobs["late_rate"] * exp(burden))
    c["late_payments"] = min(c["late_bills"], c["bills_reported"])
    c["history_months"] = 50 * exp(0.5 * r + 0.6 * n[1])
    if knobs["age_limits"]:
        c["history_months"] = min(c["history_months"], 12 * (c["age"] - 17))
    c["credit_used"] = logistic(-0.8 + 0.6 * burden + 0.9 * n[2])
    c["judgments"] = poisson_quantile(u[1], knobs["judgment_rate"] * exp(1.2 * burden))
    c["tax_notices"] = poisson_quantile(u[2], knobs["tax_notice_rate"] * exp(burden))


# Behaviour, offices, ratings


def behave(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i play, purchases, gifts and posts."""
    knobs = world["behaviour"]
    n, u = (column(rows, i) for rows in noise["behaviour"])
    c["habits"] = habits = (
        shift(knobs["dependence"], c, world["population"]) + knobs["trust"] * c["trust"]
    )
    c["purse"] = purse = knobs["capacity"] * c["capacity"]
    gaming = knobs["gaming_hours"] * exp(-0.4 * habits + 0.8 * n[0])
    c["gaming_hours"] = min(gaming, 16)
    online = knobs["online_hours"] * exp(-0.1 * habits + 0.5 * n[2])
    c["online_hours"] = min(online, 24 - c["gaming_hours"])
    c["game_spending"] = 20 * c["gaming_hours"] * exp(purse + 0.8 * n[3])
    c["diapers_if_needed"] = poisson_quantile(u[0], 3 * exp(0.3 * habits))
    c["books"] = poisson_quantile(u[1], 0.8 * exp(purse + 0.3 * habits))
    c["trips"] = poisson_quantile(u[2], 3 * exp(1.2 * purse))
    c["gifts"] = poisson_quantile(u[3], 0.8 * exp(purse + 0.5 * habits))
    c["volunteer_hours"] = 5 * exp(0.6 * habits + 0.9 * n[1])
    posts = knobs["posts"] * exp(knobs["critic_posts"] * c["critic"])
    c["critical_posts"] = poisson_quantile(u[4], posts)


def meet_offices(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i traffic fines and a place on the list of exam cheats."""
    knobs = world["civic"]
    u = column(noise["civic"][1], i)
    p = shift(knobs["policing"], c, world["population"])
    fines = knobs["fines"] * exp(p + 0.5 * c["purse"] - 0.5 * c["habits"])
    c["traffic_fines"] = poisson_quantile(u[0], fines)
    listed = u[1] < 1 - exp(-knobs["cheating"] * exp(p - 0.5 * c["trust"]))
    c["exam_cheating"] = int(listed and not (knobs["students_only"] and c["age"] >= 30))


def get_rated(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i stars by drivers, sellers and contacts."""
    knobs = world["ratings"]
    n, u = (column(rows, i) for rows in noise["ratings"])
    c["ratings_count"] = 0
    biases = [shift(knobs[raters], c, world["population"]) for raters in STARS]
    c["stars_withheld"] = -knobs["spread"] * sum(biases) / 3
    for k, raters in enumerate(STARS):
        number = poisson_quantile(u[k], knobs[f"by_{raters}"])
        seen = knobs["trust_seen"] * c["trust"] + shift(knobs[raters], c, world["population"])
        mean = knobs["mean"] + knobs["spread"] * seen
        mean += knobs["noise"] * n[k] / math.sqrt(max(number, 1))
        c[f"{raters[:-1]}_stars"] = min(max(mean, 1), 5) if number > 0 else math.nan
        c["ratings_count"] += number


# Platforms, partners' data, identity


def spending(knobs: Knobs, c: Citizen) -> float:
    """Return the payments that the rater's source sees of a citizen."""
    if knobs["cleared"]:
        return c["payments"]
    known = [w if c[f"company_{k}"] else 0.0 for k, w in enumerate(WEIGHTS, start=1)]
    seen = sum(known) if knobs["pooled"] else known[0]
    return c["payments"] * seen / (sum(known) + OUTSIDE) if seen > 0 else math.nan


def use_platforms(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i companies that know her, payments, rides and likes."""
    knobs, population = world["platforms"], world["population"]
    n, u = (column(rows, i) for rows in noise["platforms"])
    usage = shift(knobs["usage"], c, population)
    for k in range(1, 9):
        share = knobs["app_users"] if k == 1 else knobs["company_users"]
        c[f"company_{k}"] = u[k - 1] < logistic(logit(share) + usage)
    c["payments"] = c["income"] * exp(-0.4 + 0.3 * n[0])
    c["spending"] = spending(knobs, c)
    c["merchants"] = round(min(12 * exp(0.5 * c["purse"] + 0.4 * n[1]), 1000))
    c["payment_places"] = 1 + poisson_quantile(u[13], 0.6 * exp(c["purse"]))

    c["rides"] = c["ride_cancellations"] = c["dating_likes"] = math.nan
    if u[8] < logistic(logit(knobs["riders"]) + usage):
        c["rides"] = poisson_quantile(u[10], 4 * exp(c["purse"]))
        c["ride_cancellations"] = poisson_quantile(u[11], 0.6 * exp(-0.3 * c["trust"]))
    if u[9] < logistic(logit(knobs["daters"]) + usage):
        liked = 0.4 * c["purse"] + 0.2 * c["habits"] + shift(knobs["likes"], c, population)
        c["dating_likes"] = poisson_quantile(u[12], 6 * exp(liked))

    c["linked"] = is_linked(world, noise, i, c)


def is_linked(world: Knobs, noise: Noise, i: int, c: Citizen) -> bool:
    """Return whether citizen i's accounts join on the state identity."""
    identity = world["identity"]
    joined = logit(identity["linked"]) + shift(identity["dependence"], c, world["population"])
    return bool(noise["identity"][1][0][i] < logistic(joined))


# Households


def grouped(rows: Iterable[int], key: Any) -> dict[Any, list[int]]:
    """Return the rows of each value of a key, in their order."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for i in rows:
        groups[key(i)].append(i)
    return groups


def couples_of(queue: list[int], citizens: list[Citizen], by_gender: bool) -> list[tuple[int, int]]:
    """Return who meets whom in one market's queue."""
    if not by_gender:
        return list(zip(queue[0::2], queue[1::2], strict=False))
    men = [i for i in queue if citizens[i]["gender"] == 0]
    women = [i for i in queue if citizens[i]["gender"] == 1]
    return list(zip(men, women, strict=False))


def find_partners(world: Knobs, noise: Noise, citizens: list[Citizen]) -> None:
    """Let citizens who look find partners in two rounds."""
    knobs = world["household"]
    looks, strict, order = noise["household"][1][:3]

    def band(i: int) -> int:
        return citizens[i]["age_band"] if knobs["by_age"] else BANDS.index("middle")

    def searches(i: int) -> bool:
        wish = shift(knobs["looking"], citizens[i], world["population"])
        return looks[i] < logistic(logit(knobs[BANDS[band(i)]]) + wish)

    def market(i: int) -> tuple[int, int]:
        return citizens[i]["district"], band(i)

    def meet(markets: dict[Any, list[int]], falling: bool) -> None:
        for people in markets.values():
            queue = sorted(people, key=lambda i: order[i], reverse=falling)
            for a, b in couples_of(queue, citizens, knobs["by_gender"]):
                citizens[a]["partner_row"], citizens[b]["partner_row"] = b, a

    for c in citizens:
        c["partner_row"] = -1
    looking = [i for i in range(len(citizens)) if searches(i)]
    picky = [i for i in looking if strict[i] < knobs["homogamy"]]
    meet(grouped(picky, lambda i: (*market(i), citizens[i]["hukou"])), falling=False)
    alone = [i for i in looking if citizens[i]["partner_row"] < 0]
    meet(grouped(alone, market), falling=True)


def have_children(world: Knobs, noise: Noise, citizens: list[Citizen]) -> None:
    """Give households children, diapers and a school."""
    knobs = world["household"]
    births, small = noise["household"][1][3:5]
    for i, c in enumerate(citizens):
        partner = c["partner_row"]
        home = [i] if partner < 0 else [i, partner]
        b = sum(shift(knobs["births"], citizens[k], world["population"]) for k in home) / len(home)
        band = BANDS[c["age_band"]] if knobs["by_age"] else "middle"
        rate = knobs[f"children_{band}"] * exp(b)
        if partner < 0:
            rate *= knobs["children_single"]
        c["partner"] = int(partner >= 0)
        c["partner_late"] = math.nan if partner < 0 else citizens[partner]["late_payments"]
        c["children"] = min(poisson_quantile(births[min(home)], rate), 10)
        buys = c["children"] > 0 and small[i] < knobs["small_child"]
        c["diapers"] = c["diapers_if_needed"] if buys else 0
        c["school"] = c["local_district"] // knobs["districts_per_school"]


# Ties


def workplaces(citizens: int, workplace: float) -> list[int]:
    """Return how many workplaces a city has for each job; nobody works in job 0."""
    return [0] + [max(1, round(citizens * share / workplace)) for share in JOBS[1:]]


def cell_of(
    context: str, c: Citizen, bench: float, places: list[int], house: int, sociability: float
) -> Any:
    """Return the cell of a context that a citizen belongs to, None for no cell."""
    if context == "district":
        return c["district"], house
    if context == "activity":
        return count_at_most(TRUST_CUTS, sociability)
    if context == "work":
        job = c["job"]
        return sum(places[:job]) + math.floor(bench * places[job]) if job > 0 else None
    if context == "school":
        return c["school"] if c["children"] > 0 else None
    if context == "trust":
        return count_at_most(TRUST_CUTS, c["trust"])
    return 0 if context == "city" else c[context]


def draw_slots(world: Knobs, noise: Noise) -> list[tuple[int, float, float]]:
    """Return the slots of all citizens: owner, number for the context, number for the member."""
    knobs = world["ties"]
    (sociability,), (_, _, rounding, _) = noise["ties"]
    slots = []
    start = 0
    for number, size in enumerate(block_sizes(world["citizens"])):
        owners = []
        for i in range(start, start + size):
            wanted = knobs["slots"] * exp(knobs["sociability"] * sociability[i]) + rounding[i]
            owners += [i] * math.floor(min(wanted, 20 * max(knobs["slots"], 1)))
        context, member = stream(world["seed"], "slots", number).random((2, len(owners))).tolist()
        slots += list(zip(owners, context, member, strict=True))
        start += size
    return slots


def tie(graph: Graph, a: int, b: int) -> None:
    """Tie two citizens, once and never one to oneself."""
    if a != b:
        graph[a].add(b)
        graph[b].add(a)


def tie_within_cities(world: Knobs, noise: Noise, citizens: list[Citizen]) -> Graph:
    """Return the graph of slots and households."""
    knobs = world["ties"]
    (sociability,), (benches, _, _, houses) = noise["ties"]
    sizes = city_sizes(world)
    counts = [number_of_districts(size, world) for size in sizes]
    address = world["address"]
    lanes = [
        max(1, round(people / knobs["neighbours"]))
        for people in (
            size / count if address["even_levels"] else address["people_per_district"]
            for size, count in zip(sizes, counts, strict=True)
        )
    ]
    places = [workplaces(size, knobs["workplace"]) for size in city_sizes(world)]
    ends = [*accumulate(knobs[name] for name in CONTEXTS), 1 - knobs["closure"]]
    names = (*CONTEXTS, "city")
    where = []
    for i, c in enumerate(citizens):
        own = (
            benches[i],
            places[c["city"]],
            math.floor(houses[i] * lanes[c["city"]]),
            sociability[i],
        )
        where.append({name: cell_of(name, c, *own) for name in names})
    cells: dict[Any, list[int]] = defaultdict(list)
    for i, c in enumerate(citizens):
        for name in names:
            cells[c["city"], name, where[i][name]].append(i)

    graph: Graph = [set() for _ in citizens]
    closing = []
    for owner, row0, row1 in draw_slots(world, noise):
        context = count_at_most(ends, row0)
        if context == len(names):
            closing.append((owner, row1))
            continue
        city, name = citizens[owner]["city"], names[context]
        own = where[owner][name]
        members = cells[city, "city", 0] if own is None else cells[city, name, own]
        tie(graph, owner, members[math.floor(row1 * len(members))])
    for i, c in enumerate(citizens):
        if c["partner_row"] >= 0:
            tie(graph, i, c["partner_row"])
    close(graph, closing)
    return graph


def close(graph: Graph, closing: list[tuple[int, float]]) -> None:
    """Let the slots of closure pick friends of friends, as they were before any such pick."""
    before = [sorted(friends) for friends in graph]
    for owner, row1 in closing:
        x = row1 * len(before[owner])
        if before[owner]:
            theirs = before[before[owner][math.floor(x)]]
            tie(graph, owner, theirs[math.floor((x - math.floor(x)) * len(theirs))])


def tie_between_cities(world: Knobs, graph: Graph) -> None:
    """Add the ties between cities."""
    sizes = city_sizes(world)
    starts = [0, *accumulate(sizes)]
    pairs = [(a, b) for b in range(len(sizes)) for a in range(b)]
    total = sum(sizes[a] * sizes[b] for a, b in pairs)
    for a, b in pairs:
        generator = stream(world["seed"], "elsewhere", a * len(sizes) + b)
        share = sizes[a] * sizes[b] / total
        count = generator.poisson(world["ties"]["elsewhere"] / 2 * world["citizens"] * share)
        for u, v in generator.random((2, count)).T.tolist():
            tie(graph, starts[a] + math.floor(u * sizes[a]), starts[b] + math.floor(v * sizes[b]))


def mean_known(values: Iterable[float]) -> float:
    """Return the mean of the values that are known, NaN where none is."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def look_around(citizens: list[Citizen], ties: list[list[int]]) -> None:
    """Give citizens what friends and district tell of them."""
    districts = grouped(range(len(citizens)), lambda i: citizens[i]["district"])
    late = {d: mean_known(citizens[i]["late_payments"] for i in m) for d, m in districts.items()}
    for c, around in zip(citizens, ties, strict=True):
        friends = [citizens[k] for k in around]
        c["friends"] = len(friends)
        c["friends_late"] = mean_known(f["late_payments"] for f in friends)
        c["friends_spending"] = mean_known(f["spending"] for f in friends)
        c["friends_gaming"] = mean_known(f["gaming_hours"] for f in friends)
        c["friends_stars"] = mean_known(f["driver_stars"] for f in friends)
        c["friends_judgments"] = mean_known(int(f["judgments"] > 0) for f in friends)
        c["district_late"] = late[c["district"]]


# Outcome


def keeping(world: Knobs, c: Citizen) -> float:
    """Return the log-odds of keeping before late bills count."""
    knobs = world["outcome"]
    return float(
        knobs["base"]
        + knobs["trust"] * c["trust"]
        + knobs["capacity"] * c["capacity"]
        - knobs["shock"] * c["shock"]
        + shift(knobs["dependence"], c, world["population"])
        + knobs["penalty"] * 2 * logistic(-c["trust"])
    )


def keep(world: Knobs, noise: Noise, i: int, c: Citizen) -> None:
    """Give citizen i a probability of keeping, and whether she keeps, kept and was granted."""
    knobs = world["outcome"]
    now, before, chance, _ = column(noise["outcome"][1], i)
    c["probability"] = logistic(keeping(world, c) - knobs["late"] * c["late_bills"])
    c["kept"] = int(now < c["probability"])
    c["kept_before"] = int(before < c["probability"])
    granted = logit(knobs["labelled"]) + knobs["screening"] * c["trust"]
    granted += shift(knobs["granting"], c, world["population"])
    c["granted_before"] = int(chance < logistic(granted))


# Everything


def table(citizens: list[Citizen], names: Iterable[str]) -> dict[str, list[Any]]:
    """Return columns of values, one entry a citizen."""
    return {name: [c[name] for c in citizens] for name in names}


def society(world: Knobs) -> dict[str, Any]:
    """Return the society of a world.

    Parameters
    ----------
    world
        The knobs as nested dictionaries, as `World.to_dict` returns them.

    Returns
    -------
    dict
        `people`, `records`, `truth`, `outcome` and `holders` as columns of values, in the order of
        the citizens' numbers; `ties` as a sorted list of friends for each citizen.
    """
    noise = draw_noise(world)
    towns = {
        "cities": [districts_of(world, city, size) for city, size in enumerate(city_sizes(world))],
        "variance": place_variance(world),
    }
    citizens = []
    for i in range(world["citizens"]):
        c = born(world, noise, i)
        live_somewhere(world, noise, i, c, towns)
        for mechanism in (earn, borrow, behave, meet_offices, get_rated, use_platforms, keep):
            mechanism(world, noise, i, c)
        citizens.append(c)
    find_partners(world, noise, citizens)
    have_children(world, noise, citizens)
    graph = tie_within_cities(world, noise, citizens)
    tie_between_cities(world, graph)
    ties = [sorted(friends) for friends in graph]
    look_around(citizens, ties)
    names = {
        "people": PEOPLE,
        "records": RECORDS,
        "truth": TRUTH,
        "outcome": OUTCOME,
        "holders": HOLDERS,
    }
    return {part: table(citizens, columns) for part, columns in names.items()} | {"ties": ties}
