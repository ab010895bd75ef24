"""The years of docs/dynamics.md written a second time, from that page alone: plain and slow.

`run(society, policy, life, years=...)` lets the citizens of a society live some years, one by one,
in Python's doubles; only what the page calls 32-bit is rounded to that. Nothing here is shared
with `credit_ml.dynamics`; of the package it takes what the page names: the tables of a society,
how an agency views, scores and fits, what an action does to a column, how ties are moved.
"""

import hashlib
import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from credit_ml.agencies import is_fixed, refit
from credit_ml.core import Streams
from credit_ml.response import load_menu, move_ties
from credit_ml.society import COLUMNS

BLOCK = 16_384
JOBS = ["none", "informal", "private", "state", "official"]
FOREVER = 10  # years that a listing without an end is believed to last

# Chance


def stream(seed, name, number=0):
    """Return the generator of one named and numbered stream."""
    first = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    sequence = np.random.SeedSequence(seed, spawn_key=(first, number))
    return np.random.Generator(np.random.PCG64(sequence))


def uniforms(seed, name, sizes):
    """Return the uniforms of every block, whose numbers of draws are `sizes`, one after another."""
    drawn = [stream(seed, name, block).random(size) for block, size in enumerate(sizes)]
    return np.concatenate(drawn).tolist()


def blocks(people):
    """Return how many citizens each block holds."""
    return [min(BLOCK, people - start) for start in range(0, people, BLOCK)]


def poisson_quantile(u, rate):
    """Return the smallest k with P(Poisson(rate) <= k) >= u, at most 200."""
    k, term = 0, math.exp(-rate)
    below = term
    while below < u and k < 200:
        k += 1
        term *= rate / k
        below += term
    return k


# Numbers


def single(value):
    """Return a number as a 32-bit float keeps it."""
    return float(np.float32(value))


def product(a, b):
    """Return the product of two numbers as 32-bit floats multiply them."""
    return single(single(a) * single(b))


def add(*values):
    """Return the sum of numbers as 32-bit floats add them, one after another."""
    total = 0.0
    for value in values:
        if value:
            total = single(total + single(value))
    return total


def logistic(value):
    """Return 1 / (1 + exp(-value))."""
    return 1 / (1 + math.exp(-value))


def log_odds(chance):
    """Return the inverse of `logistic`."""
    return math.log(chance / (1 - chance))


def half_even(value):
    """Return a count, rounded half to even; missing stays missing."""
    return value if math.isnan(value) else float(round(value))


# State


@dataclass(kw_only=True)
class Person:
    """What a citizen brings along, and what moves."""

    x: float  # log-odds of keeping an obligation before the first year
    trust: float
    burden: float
    district: int
    partner: int
    parent: bool
    critic: bool
    loss: float = 0.0
    late: list[int]
    orders: list[int]
    kept: int
    kept_before: int
    remaining: list[float]
    grade: list[int]
    child_loss: float = 0.0
    odds: float = 0.0  # added by improvements that still stand
    moved: dict[str, float] = field(default_factory=dict)  # m, by record
    mask: int = 0  # of what stands of this year's actions


@dataclass(kw_only=True)
class Years:
    """A society under a policy, and the year that it has come to."""

    society: Any
    policy: Any
    life: Any
    knobs: dict[str, Any]
    seed: int
    people: list[Person]
    shock: list[float]
    first_shock: list[float]
    raters: dict[str, Any] = field(default_factory=dict)
    cut: set[tuple[int, int]] = field(default_factory=set)
    year: int = 0
    breaches: int = 0
    ordered: int = 0
    ties: Any = None  # as people have moved them this year
    placed: list[list[bool]] = field(default_factory=list)
    rows: list[tuple[float, ...]] = field(default_factory=list)
    totals: list[dict[str, float]] = field(default_factory=list)
    behaviour: list[list[Any]] = field(default_factory=list)


def begin(society, policy, life, seed):
    """Return a society before its first year."""
    first, files = shocks_of_districts(society), orders_on_file(society)
    knobs, seed = society.world.to_dict(), society.world.seed if seed is None else seed
    tables = (society.people, society.records, society.truth, society.outcome)
    columns = {name: table[name].tolist() for table in tables for name in table}
    rows = ({name: column[i] for name, column in columns.items()} for i in range(len(files)))
    people = [person_of(*pair, len(policy.lists)) for pair in zip(rows, files, strict=True)]
    years = Years(
        society=society,
        policy=policy,
        life=life,
        knobs=knobs,
        seed=seed,
        people=people,
        shock=list(first),
        first_shock=first,
        totals=[{} for _ in people],
    )
    for number, rule in enumerate(policy.lists):
        if rule.by == "record":
            put_on(years, number, [value > 0 for value in society.records[rule.record]])
    for person, total in zip(people, years.totals, strict=True):
        total["entries"] = float(any(left > 0 for left in person.remaining))
    return years


def person_of(row, orders, lists):
    """Return a citizen before the first year, all tables together in one row."""
    late = int(row["late_payments"])
    return Person(
        x=single(log_odds(min(max(float(row["probability"]), 1e-12), 1 - 1e-12))),
        trust=float(row["trust"]),
        burden=float(row["burden"]),
        district=int(row["district"]),
        partner=int(row["partner_row"]),
        parent=row["children"] > 0,
        critic=row["critic"] == "yes",
        late=[late - late // 2, late // 2],
        orders=orders,
        kept=int(row["kept"]),
        kept_before=int(row["kept_before"]),
        remaining=[0.0] * lists,
        grade=[0] * lists,
    )


def orders_on_file(society):
    """Return each citizen's court orders in five slots, as they are before the first year."""
    judgments = [int(number) for number in society.records["judgments"]]
    slots = stream(society.world.seed, "rounds.orders_on_file").integers(5, size=sum(judgments))
    files, next_order = [[0] * 5 for _ in judgments], iter(slots.tolist())
    for file, number in zip(files, judgments, strict=True):
        for _ in range(number):
            file[next(next_order)] += 1
    return files


def shocks_of_districts(society):
    """Return the shock of every district, by number; 0 where nobody lives."""
    shock = [0.0] * (int(society.people["district"].max()) + 1)
    for district, value in zip(society.people["district"], society.truth["shock"], strict=True):
        shock[district] = float(value)
    return shock


# Lists and sanctions


def follows(policy, sanction, rule):
    """Whether a sanction falls on those of a list."""
    if sanction.office == rule.office:
        return True
    others = list(dict.fromkeys(each.office for each in policy.sanctions))
    others = [office for office in others if office != rule.office]
    return sanction.office in others[: round(policy.joined * len(others))]


def names(sanction, grade):
    """Whether a sanction falls on those of a grade."""
    return not sanction.grades or grade.id in sanction.grades


def fallen(policy, person):
    """Return the share of the year for which each sanction falls on somebody."""
    shares = [0.0] * len(policy.sanctions)
    for rule, left, grade in zip(policy.lists, person.remaining, person.grade, strict=True):
        if left == 0:
            continue
        for k, sanction in enumerate(policy.sanctions):
            if follows(policy, sanction, rule) and names(sanction, rule.grades[grade]):
                shares[k] = max(shares[k], min(left, 1.0))
    return shares


def put_on(years, number, listed):
    """Put people on a list, each in a grade of its own draw."""
    rule = years.policy.lists[number]
    drawn = uniforms(years.seed, f"rounds.grade.{rule.id}.{years.year}", blocks(len(listed)))
    cuts, total = [], 0.0
    for grade in rule.grades[:-1]:
        total += grade.share
        cuts.append(total)
    for person, u, comes in zip(years.people, drawn, listed, strict=True):
        if not comes:
            continue
        grade = sum(cut <= u for cut in cuts)
        stands = person.remaining[number] > 0
        person.grade[number] = max(grade, person.grade[number]) if stands else grade
        term = rule.grades[grade].years
        person.remaining[number] = max(
            person.remaining[number], math.inf if term is None else single(term)
        )


def worth_of_listing(policy, rule):
    """Return what a listing is believed to cost, in own yearly incomes."""
    cost, fall = 0.0, [each for each in policy.sanctions if follows(policy, each, rule)]
    for grade in rule.grades:
        worth = sum(sanction.worth for sanction in fall if names(sanction, grade))
        cost += grade.share * (FOREVER if grade.years is None else grade.years) * worth
    return cost


def believed_cost(years):
    """Return B, what a breach is believed to cost."""
    chance = years.ordered / years.breaches if years.breaches else years.life.order_chance
    by_orders = [rule for rule in years.policy.lists if rule.by == "orders"]
    return chance * sum(worth_of_listing(years.policy, rule) for rule in by_orders)


# One year


def shock_moves(years):
    """Step 1."""
    a, scale = years.life.shock_persistence, years.knobs["address"]["shocks"]
    if a == 1:
        return
    drawn = stream(years.seed, f"rounds.shock.{years.year}").standard_normal(len(years.shock))
    for d, e in enumerate(drawn.tolist()):
        years.shock[d] = a * years.shock[d] + math.sqrt(1 - a**2) * scale * e


def sanctions_fall(years):
    """Step 2; return the shares of the year for which each sanction fell on each citizen."""
    policy, people = years.policy, years.people
    shares = [fallen(policy, person) for person in people]
    for k, sanction in enumerate(policy.sanctions):
        if sanction.moves != "child_capacity":
            continue
        for i, person in enumerate(people):
            if person.parent:
                share = family_share(years, shares, i, k)
                person.child_loss = add(person.child_loss, product(sanction.size, share))
    if any(sanction.moves == "ties" for sanction in policy.sanctions):
        ties_break(years, shares)
    for person, share in zip(people, shares, strict=True):
        taken = 0.0
        for sanction, f in zip(policy.sanctions, share, strict=True):
            if sanction.moves in ("capacity", "state_job"):
                taken = add(taken, product(sanction.size, f))
        person.loss = max(product(years.life.scar, person.loss), taken)
    return shares


def family_share(years, shares, i, k):
    """Return the share of the year for which a sanction falls on the children of a household."""
    partner = years.people[i].partner
    if years.policy.family and partner >= 0:
        return max(shares[i][k], shares[partner][k])
    return shares[i][k]


def ties_break(years, shares):
    """Break ties off, each by the draw at its lower end."""
    stays = []
    for share in shares:
        stay = 1.0
        for sanction, f in zip(years.policy.sanctions, share, strict=True):
            if sanction.moves == "ties":
                stay *= 1 - sanction.size * f
        stays.append(stay)
    ties, starts = years.society.ties, range(0, len(stays), BLOCK)
    ends = [int(ties.indptr[min(start + BLOCK, len(stays))]) for start in starts]
    sizes = np.diff([0, *ends]).tolist()
    drawn = uniforms(years.seed, f"rounds.ties.{years.year}", sizes)
    for i in range(len(stays)):
        for at in range(ties.indptr[i], ties.indptr[i + 1]):
            j = int(ties.indices[at])
            if i < j and drawn[at] >= stays[i] * stays[j]:
                years.cut.add((i, j))


def capacity_moved(years, person):
    """Return C and D of somebody."""
    shift = years.shock[person.district] - years.first_shock[person.district]
    return -years.knobs["capacity"]["shock"] * shift - person.loss, shift


def chance_to_keep(years, person, fear):
    """Return the chance to keep an obligation, given what a breach is believed to cost."""
    moved, shift = capacity_moved(years, person)
    outcome = years.knobs["outcome"]
    odds = person.x + outcome["capacity"] * moved - outcome["shock"] * shift + person.odds
    return logistic(odds + years.life.deterrence * fear * 2 * logistic(-person.trust))


def obligations_fall_due(years):
    """Steps 3 to 5; return who was ordered."""
    life, history, year = years.life, years.knobs["history"], years.year
    fear, sizes = believed_cost(years), blocks(len(years.people))
    due, bills, orders = (
        uniforms(years.seed, f"rounds.{name}.{year}", sizes) for name in ("due", "bills", "orders")
    )
    ordered = []
    for i, person in enumerate(years.people):
        p = chance_to_keep(years, person, fear)
        kept = due[i] < p
        person.kept_before, person.kept = person.kept, int(kept)
        moved, shift = capacity_moved(years, person)
        after_breach = 1.0 if kept else life.bills_after_breach
        more = single(after_breach / (p + (1 - p) * life.bills_after_breach))
        latent = person.burden - history["capacity"] * moved + history["shock"] * shift
        mean = history["late_rate"] / 2 * math.exp(latent) * more
        person.late[year % 2] = poisson_quantile(bills[i], mean)
        ordered.append(not kept and orders[i] < life.order_chance)
        person.orders[year % 5] = int(ordered[-1])
        years.breaches += not kept
        years.ordered += ordered[-1]
    return ordered


def listings_end(years):
    """Step 6."""
    sizes = blocks(len(years.people))
    drawn = uniforms(years.seed, f"rounds.repair.{years.year}", sizes)
    for person, u in zip(years.people, drawn, strict=True):
        for number, left in enumerate(person.remaining):
            person.remaining[number] = single(left - min(left, 1.0))
        if person.kept and u < years.policy.repair:
            person.remaining = [0.0] * len(person.remaining)


def lists_of_the_year(years, ordered):
    """Step 7, the lists by orders and at will."""
    for number, rule in enumerate(years.policy.lists):
        if rule.by == "orders":
            put_on(years, number, ordered)
        if rule.by == "will":
            name = f"rounds.will.{rule.id}.{years.year}"
            drawn = uniforms(years.seed, name, blocks(len(ordered)))
            chosen = zip(years.people, drawn, strict=True)
            put_on(years, number, [person.critic and u < rule.critics for person, u in chosen])


def lists_by_score(years):
    """Step 7, the lists by score, all of them on the same records."""
    rules = [(n, rule) for n, rule in enumerate(years.policy.lists) if rule.by == "score"]
    if not rules:
        return
    now = society_now(years)
    for number, rule in rules:
        points = points_of(years, rule.agency, now)
        if rule.threshold is not None:
            put_on(years, number, [value < rule.threshold for value in points])
            continue
        worst = sorted(range(len(points)), key=lambda i: (points[i], i))
        chosen = set(worst[: round(rule.share * len(points))])
        put_on(years, number, [i in chosen for i in range(len(points))])


def places_are_given(years):
    """Step 9."""
    now, years.placed = society_now(years) if years.policy.places else None, []
    for place in years.policy.places:
        points = points_of(years, place.agency, now)
        best = sorted(range(len(points)), key=lambda i: (-points[i], i))
        chosen = set(best[: round(place.share * len(points))])
        years.placed.append([i in chosen for i in range(len(points))])


def points_of(years, agency, now):
    """Return everybody's points with an agency."""
    rater = years.raters[agency]
    return rater.score(rater.agency.view(now).X).tolist()


def one_year(years):
    """Let a year pass."""
    years.year += 1
    before = [max([0.0, *(min(left, 1.0) for left in p.remaining)]) for p in years.people]
    shock_moves(years)
    shares = sanctions_fall(years)
    ordered = obligations_fall_due(years)
    listings_end(years)
    lists_of_the_year(years, ordered)
    done = people_answer(years)
    lists_by_score(years)
    places_are_given(years)
    count(years, before, shares, ordered, done)


def count(years, before, shares, ordered, done):
    """Add the year to what is counted, and its row to the table of years."""
    people, n = years.people, len(years.people)
    schools = [k for k, s in enumerate(years.policy.sanctions) if s.moves == "child_capacity"]
    listed = [any(left > 0 for left in person.remaining) for person in people]
    for i, (person, total) in enumerate(zip(people, years.totals, strict=True)):
        barred = [family_share(years, shares, i, k) for k in schools] if person.parent else []
        counted = {
            "broken": not person.kept,
            "orders": ordered[i],
            "listed": before[i],
            "listed_years": before[i] > 0,
            "broken_listed": before[i] > 0 and not person.kept,
            "entries": listed[i] and before[i] == 0,
            "exits": before[i] > 0 and not listed[i],
            "restrictions": add(*shares[i]),
            "child_barred": max([0.0, *barred]),
            "placed": sum(held[i] for held in years.placed),
        }
        for name, value in (counted | {name: each[i] for name, each in done.items()}).items():
            total[name] = add(total.get(name, 0.0), value)
    lost = sum(p.loss for p in people) / n
    broken = sum(not p.kept for p in people) / n
    years.rows.append((years.year, broken, sum(ordered), sum(listed) / n, lost))


def run(society, policy, life, *, years, seed=None, raters=None):
    """Let a society live some years under a policy."""
    state = begin(society, policy, life, seed)
    state.raters = dict(raters or {})
    for _ in range(years):
        one_year(state)
    return state


# Records after a year


def society_now(years, plain=None):
    """Return the society as it is; own records are taken from `plain` where they are known."""
    society, people = years.society, years.people
    ties = ties_now(years) if years.ties is None else years.ties
    return replace(
        society,
        records=records_now(years, ties, own_records(years) if plain is None else plain),
        ties=ties,
        outcome=society.outcome.assign(
            kept=np.array([p.kept for p in people], dtype=np.int8),
            kept_before=np.array([p.kept_before for p in people], dtype=np.int8),
        ),
        truth=truth_now(years),
    )


def records_now(years, ties, plain):
    """Return the records over some ties, with what answers moved of those without any."""
    return answered(years, with_others(years, answered(years, plain, OWN), ties), OF_FRIENDS)


def answered(years, frame, columns):
    """Return records with what answers moved in some columns."""
    frame = frame.copy()
    for name in {name for person in years.people for name, m in person.moved.items() if m}:
        if name not in columns:
            continue
        values = frame[name].astype(float).tolist()
        for i, person in enumerate(years.people):
            m, r = person.moved[name], values[i]
            values[i] = r if math.isnan(r) else max(r + m, min(r, 0.0))
            if frame[name].dtype.kind == "i":
                values[i] = half_even(values[i])
        frame[name] = np.array(values).astype(frame[name].dtype)
    return frame


def left_after(years, moves, shares):
    """Return what sanctions that move a record leave of it, the shares of a year given."""
    left = 1.0
    for sanction, share in zip(years.policy.sanctions, shares, strict=True):
        if sanction.moves == moves:
            left *= 1 - sanction.size * share
    return left


def own_records(years):
    """Return the records that are one's own, without friends', partner's and district's."""
    frame = years.society.records.copy()
    spread = years.knobs["capacity"]["income_spread"]
    moved = {name: frame[name].tolist() for name in MOVED}
    job, bills = frame["job"].tolist(), frame["bills_reported"].tolist()
    for i, person in enumerate(years.people):
        capacity, _ = capacity_moved(years, person)
        shares = fallen(years.policy, person)
        moved["income"][i] *= math.exp(spread * capacity)
        moved["spending"][i] *= math.exp(spread * capacity)
        moved["assets"][i] *= math.exp(0.9 * capacity)
        if capacity != 0:
            moved["tax_paid"][i] = 1.2 * max(moved["income"][i] - 3.5, 0)
        for name in ("trips", "online_hours", "dating_likes", "assets"):
            moved[name][i] *= left_after(years, name, shares)
        for name in ("trips", "dating_likes"):
            moved[name][i] = half_even(moved[name][i])
        barred = zip(years.policy.sanctions, shares, strict=True)
        if any(sanction.moves == "state_job" and share > 0 for sanction, share in barred):
            job[i] = min(job[i], "private", key=JOBS.index)
        moved["late_payments"][i] = min(sum(person.late), bills[i])
        moved["judgments"][i] = sum(person.orders)
    for name, values in moved.items():
        frame[name] = np.array(values).astype(frame[name].dtype)
    frame["job"] = pd.Categorical(job, dtype=frame["job"].dtype)
    return frame


MOVED = [
    "income",
    "spending",
    "tax_paid",
    "assets",
    "trips",
    "online_hours",
    "dating_likes",
    "late_payments",
    "judgments",
]


def ties_now(years):
    """Return the ties that are not broken off."""
    ties = years.society.ties.tocoo()
    ends = zip(ties.row.tolist(), ties.col.tolist(), strict=True)
    stands = [(min(pair), max(pair)) not in years.cut for pair in ends]
    left = (ties.row[stands], ties.col[stands])
    return csr_array((ties.data[stands], left), shape=ties.shape)


OF_FRIENDS = ["friends", "friends_judgments", "friends_late", "friends_spending", "friends_gaming"]
OF_OTHERS = [*OF_FRIENDS, "friends_stars", "partner_late", "district_late"]
OWN = [name for name in COLUMNS if name not in OF_OTHERS]
FRIENDS = {
    "friends_late": "late_payments",
    "friends_spending": "spending",
    "friends_gaming": "gaming_hours",
    "friends_stars": "driver_stars",
}


def mean_known(values, rows):
    """Return the mean of some rows whose value is known, missing where none is."""
    known = values[rows]
    known = known[~np.isnan(known)]
    return float(np.cumsum(known)[-1]) / len(known) if len(known) else math.nan


def with_others(years, own, ties):
    """Return records with what friends, partners and neighbours tell."""
    frame = own.copy()
    friends = [ties.indices[a:b] for a, b in pairwise(ties.indptr)]
    frame["friends"] = np.array([len(each) for each in friends], dtype=frame["friends"].dtype)
    for name, record in FRIENDS.items():
        values = own[record].to_numpy(dtype=np.float32)
        means = [mean_known(values, each) for each in friends]
        frame[name] = np.array(means, dtype=np.float32)
    ordered = (own["judgments"] > 0).to_numpy(dtype=np.float32)
    means = [mean_known(ordered, each) for each in friends]
    frame["friends_judgments"] = np.array(means, dtype=np.float32)
    late = own["late_payments"].to_numpy(dtype=np.float32)
    of_partner = [late[p.partner] if p.partner >= 0 else math.nan for p in years.people]
    frame["partner_late"] = np.array(of_partner, dtype=np.float32)
    homes = {}
    for i, person in enumerate(years.people):
        homes.setdefault(person.district, []).append(i)
    of_district = [mean_known(late, homes[person.district]) for person in years.people]
    frame["district_late"] = np.array(of_district, dtype=np.float32)
    return frame


def truth_now(years):
    """Return the truth behind the records."""
    truth, knobs = years.society.truth, years.knobs
    names = ("capacity", "shock", "burden", "payments", "probability")
    moved = {name: truth[name].tolist() for name in names}
    for i, person in enumerate(years.people):
        capacity, shift = capacity_moved(years, person)
        moved["capacity"][i] += capacity
        moved["shock"][i] = years.shock[person.district]
        moved["burden"][i] += knobs["history"]["shock"] * shift
        moved["burden"][i] -= knobs["history"]["capacity"] * capacity
        moved["payments"][i] *= math.exp(knobs["capacity"]["income_spread"] * capacity)
        moved["probability"][i] = chance_to_keep(years, person, fear=0.0)
    return truth.assign(**{name: np.array(each, dtype=np.float32) for name, each in moved.items()})


# Answers


def people_answer(years):
    """Let people answer what they are told of their score; return what is counted of it."""
    told = years.policy.response
    if told is None:
        return {}
    years.ties = None
    for person in years.people:  # what stands of earlier years' answers
        person.moved = {name: product(told.fade, m) for name, m in person.moved.items()}
        person.odds = product(told.fade, person.odds)
    plain = own_records(years)
    now = society_now(years, plain)
    rater = rater_of_the_year(years, now)
    view = rater.agency.view(now)
    menu = load_menu(told.menu)
    actions = menu.visible(list(rater.columns))
    believe = {"full": full_model, "nothing": nothing}[told.regime]
    worths = worth_of_points(years, rater, view)
    efforts = efforts_of(years, actions)
    options = bundles(len(actions), told.bundle)
    best = choices(years, actions, options, efforts, believe(rater, view.X, actions), worths, now)
    counted = carry_out(years, now, plain, actions, best)
    years.behaviour += behaviour(years, plain)
    return counted


def rater_of_the_year(years, now):
    """Return the rater that people answer, fitted again where its agency learns."""
    told = years.policy.response
    rater = years.raters[told.agency]
    if told.learns and not is_fixed(rater):
        view = rater.agency.view(now)
        seed = Streams(years.seed).seed_for(f"rounds.rater.{years.year}")
        rater = refit(rater, view, view.X, now.outcome["kept"].to_numpy(), seed=seed)
        years.raters[told.agency] = rater
    return rater


def bundles(actions, most):
    """Return the masks of all sets of actions that are not too large, the smallest mask first."""
    most = actions if most is None else most
    return [mask for mask in range(2**actions) if mask.bit_count() <= most]


def full_model(rater, X, actions):
    """Return what somebody who knows the model believes: the points that a bundle truly brings."""

    def points(mask):
        changed = X.copy()
        for a, action in enumerate(actions):
            if mask >> a & 1:
                for change in action.changes:
                    if change.column in changed.columns:
                        changed[change.column] = change.apply(changed[change.column])
        return rater.score(changed).tolist()

    return points


def nothing(rater, X, actions):
    """Return what somebody believes who is told nothing: that nothing helps."""
    points = rater.score(X).tolist()
    return lambda mask: points


def worth_of_points(years, rater, view):
    """Return (threshold, worth) of all that is decided by an agency's points."""
    agency, policy = rater.agency, years.policy
    points = sorted(rater.score(view.X).tolist())
    steps = [(each.threshold, each.value) for each in agency.privileges]
    steps += [(each.below, each.cost) for each in agency.penalties]
    for place in policy.places:
        if place.agency == agency.id:
            steps.append((points[-round(place.share * len(points))], place.worth))
    for rule in policy.lists:
        if rule.by == "score" and rule.agency == agency.id:
            last = rule.threshold
            if last is None:
                last = points[round(rule.share * len(points))]
            steps.append((last, worth_of_listing(policy, rule)))
    return steps


def efforts_of(years, actions):
    """Return everybody's effort and risk for each action, less what fear gives for improving."""
    fear = believed_cost(years) if years.life.deterrence else 0.0
    people = years.people
    chances = [single(chance_to_keep(years, person, fear=0.0)) for person in people]
    order = sorted(range(len(people)), key=lambda i: (chances[i], i))
    tenths = [tenth.tolist() for tenth in np.array_split(np.array(order), 10)]
    efforts = []
    for action in actions:
        own = action.effort + action.detection * action.penalty
        efforts.append([own] * len(people))
        if not action.outcome_effect:
            continue
        for tenth in tenths:
            gain = sum(
                logistic(log_odds(chances[i]) + action.outcome_effect) - chances[i] for i in tenth
            )
            for i in tenth:
                efforts[-1][i] = max(0.0, own - fear * gain / len(tenth))
    return efforts


def may(action, now):
    """Whether each citizen may take an action."""
    open_to = np.ones(len(now.people), dtype=bool)
    for condition in action.who:
        table = now.records if condition.column in now.records else now.people
        open_to &= condition.holds(table[condition.column])
    return open_to.tolist()


def choices(years, actions, options, efforts, points, worths, now):
    """Return everybody's best bundle: most worth less cost, of equals the cheaper, then smaller."""
    income = [12 * value for value in now.records["income"].tolist()]
    people = range(len(years.people))
    costs = [
        [efforts[a][i] + action.price / income[i] for i in people]
        for a, action in enumerate(actions)
    ]
    open_to = [may(action, now) for action in actions]
    best = [(0, -math.inf, 0.0)] * len(people)
    for mask in options:
        chosen = [a for a in range(len(actions)) if mask >> a & 1]
        for i, value in zip(people, points(mask), strict=True):
            if not all(open_to[a][i] for a in chosen):
                continue
            cost = sum(costs[a][i] for a in chosen)
            gain = sum(worth for threshold, worth in worths if value >= threshold) - cost
            _, most, least = best[i]
            if gain > most + 1e-12 or (gain > most - 1e-12 and cost < least - 1e-12):
                best[i] = (mask, gain, cost)
    return [(mask, cost) for mask, _, cost in best]


def carry_out(years, now, plain, actions, best):
    """Let what people do move records and ties; return what is counted of it."""
    people, seed = years.people, Streams(years.seed).seed_for(f"rounds.answers.{years.year}")
    found = [[False] * len(people) for _ in actions]
    risks = [action.detection * action.penalty for action in actions]
    spent = [
        cost - sum(risk for a, risk in enumerate(risks) if mask >> a & 1) for mask, cost in best
    ]
    for a, action in enumerate(actions):
        if not action.detection:
            continue
        drawn = stream(seed, "disclosure.caught", a).random(len(people)).tolist()
        for i, (mask, _) in enumerate(best):
            if mask >> a & 1 and drawn[i] < action.detection:
                found[a][i] = True
                spent[i] += action.penalty
    stands = [
        [mask >> a & 1 and not found[a][i] for i, (mask, _) in enumerate(best)]
        for a in range(len(actions))
    ]
    for i, person in enumerate(people):
        person.mask = sum(1 << a for a in range(len(actions)) if stands[a][i])
        effect = sum(action.outcome_effect for a, action in enumerate(actions) if stands[a][i])
        person.odds = add(person.odds, effect)
    told = reports(years, now, actions, stands)
    move_records(years, now, plain, actions, stands)
    counted = {
        "acted": [mask > 0 for mask, _ in best],
        "spent": spent,
        "caught": [any(each[i] for each in found) for i in range(len(people))],
        **told,
    }
    for kind in ("cosmetic", "improving", "social", "bought"):
        of = sum(1 << a for a, action in enumerate(actions) if action.kind == kind)
        counted[f"did_{kind}"] = [(mask & of).bit_count() for mask, _ in best]
    return counted


def behaviour(years, plain):
    """Return how each record that answers moved is spread, with them and without any."""
    ties = ties_now(years)
    moved = records_now(years, ties if years.ties is None else years.ties, plain)
    plain = with_others(years, plain, ties)
    rows = []
    for name in sorted({name for p in years.people for name, m in p.moved.items() if m}):
        pairs = zip(moved[name].astype(float), plain[name].astype(float), strict=True)
        pairs = np.array([pair for pair in pairs if not math.isnan(sum(pair))])
        off = np.abs(pairs[:, 0] - pairs[:, 1])
        facts = [(off > 0).mean(), *pairs.mean(axis=0), *pairs.var(axis=0), off.mean()]
        rows.append([name, *facts, years.year])
    return rows


def move_records(years, now, plain, actions, stands):
    """Set what stands of answers of each record, and the ties."""
    people, moves = years.people, {}
    for a, action in enumerate(actions):
        if action.ties is not None:
            earlier = moves.get(action.ties, np.zeros(len(people), dtype=bool))
            moves[action.ties] = earlier | np.array(stands[a], dtype=bool)
    reported = np.zeros(len(people), dtype=int)
    if any(who.any() for who in moves.values()):
        seed = Streams(years.seed).seed_for(f"rounds.answers.ties.{years.year}")
        moved = move_ties(now, moves, seed=seed)
        years.ties, reported = moved.ties, moved.reported
    frame = now.records.copy()
    apply_changes(frame, actions, stands, OWN)
    stars = frame["contact_stars"]
    frame["contact_stars"] = stars.where(reported == 0, np.maximum(stars - reported, 1))
    set_moved(people, frame, plain, OWN)
    bought = [action if action.ties is None else replace_changes(action) for action in actions]
    ties = ties_now(years) if years.ties is None else years.ties
    own = answered(years, plain, OWN)
    without = with_others(years, own, ties)
    before = answered(years, without, OF_FRIENDS)
    frame = before.copy()
    apply_changes(frame, bought, stands, OF_FRIENDS)
    set_moved(people, frame, before, OF_FRIENDS, more=True)


def replace_changes(action):
    """Return an action that moves ties without what it seems to move of friends' records."""
    return action.model_copy(update={"changes": ()})


def apply_changes(frame, actions, stands, columns):
    """Let actions change some columns of those for whom they stand."""
    for action, who in zip(actions, stands, strict=True):
        for change in action.changes:
            if change.column in columns:
                old = frame[change.column]
                new = change.apply(old).astype(old.dtype)
                frame[change.column] = new.where(np.array(who, dtype=bool), old)


def set_moved(people, frame, without, columns, *, more=False):
    """Set what answers moved of some columns, or add to it."""
    for name in columns:
        if not hasattr(frame[name], "cat"):
            differ = (frame[name].astype(float) - without[name].astype(float)).tolist()
            if any(name in person.moved for person in people) or any(d and d == d for d in differ):
                for person, d in zip(people, differ, strict=True):
                    earlier = person.moved.get(name, 0.0) if more else 0.0
                    person.moved[name] = earlier if math.isnan(d) else single(earlier + d)


def reports(years, now, actions, stands):
    """Return how many reports of each citizen are true, and false."""
    people, ties = years.people, now.ties
    counted = {"reported_truly": [0] * len(people), "reported_falsely": [0] * len(people)}
    for action, who in zip(actions, stands, strict=True):
        move = action.ties
        if move is None or move.kind != "report":
            continue
        values = now.records[move.by].astype(float).tolist()
        sign = -1 if move.worst == "most" else 1
        for i in range(len(people)):
            if not who[i]:
                continue
            whom = ties.indices[ties.indptr[i] : ties.indptr[i + 1]].tolist()
            if move.whom == "partner":
                whom = [people[i].partner]
            for j in sorted(whom, key=lambda j: (sign * values[j], j))[: move.number]:
                counted["reported_falsely" if people[j].kept else "reported_truly"][j] += 1
    return counted
