"""Every record that a society keeps of its citizens: which factor, which stream, which unit."""

from dataclasses import dataclass
from typing import Literal

Factor = Literal["history", "capacity", "personal", "behaviour", "relationships"]

#: The five factor families of the commercial score (S1), in the order of every table.
FACTORS: dict[Factor, str] = {
    "history": "credit history",
    "capacity": "capacity to fulfil obligations",
    "personal": "personal characteristics: phone number and address",
    "behaviour": "behaviour and preference",
    "relationships": "interpersonal relationships",
}

#: Streams of records, and who holds them in the source document.
STREAMS: dict[str, str] = {
    "bills": "lenders and utilities that report payments (S1)",
    "payments": "the payment app, the pooled bureau (S4) or the clearing house (S5)",
    "clearing": "the clearing house alone: to whom and where one pays (S5)",
    "tax": "tax office (S6)",
    "employment": "social security and employers (S6)",
    "phone": "phone company: tenure and number (S1)",
    "address": "registered and delivery address (S1)",
    "games": "game platforms (S12)",
    "shopping": "shopping platforms (S12)",
    "travel": "travel companies (S2)",
    "rides": "ride-hailing company (S11)",
    "dating": "dating site (S11)",
    "giving": "charities and volunteering bodies (S3)",
    "contacts": "chat contacts and their records (S2, S13)",
    "ratings": "ratings by drivers, sellers and contacts (S2)",
    "traffic": "traffic police (S6)",
    "courts": "court judgments and the black list (S8)",
    "posts": "public posts (S17)",
    "education": "education bureau: list of exam cheats (S11)",
    "family": "household register: partner and children (S9)",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a society's records.

    Examples
    --------
    >>> column = Column(name="late_bills", factor="history", stream="payments", unit="bills",
    ...                 better=-1, meaning="bills paid late in a year")
    >>> column.better
    -1
    """

    name: str
    factor: Factor
    """Family of S1 that the column belongs to."""
    stream: str
    """Who holds it; an agency sees the column when it sees the stream."""
    unit: str
    better: Literal[-1, 0, 1]
    """What a rater would take more of it for: good (1), bad (-1) or neither (0)."""
    meaning: str
    categories: tuple[str, ...] = ()
    """Allowed values of a category, in order; empty for numbers."""


def _column(
    name: str,
    factor: Factor,
    stream: str,
    unit: str,
    better: Literal[-1, 0, 1],
    meaning: str,
    categories: tuple[str, ...] = (),
) -> Column:
    return Column(
        name=name,
        factor=factor,
        stream=stream,
        unit=unit,
        better=better,
        meaning=meaning,
        categories=categories,
    )


#: Occupations, from least to most secure.
JOBS = ("none", "informal", "private", "state", "official")

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        _column("late_payments", "history", "bills", "bills in 24 months", -1, "bills paid late"),
        _column("bills_reported", "history", "bills", "bills in 24 months", 1, "bills on file"),
        _column("history_months", "history", "bills", "months", 1, "length of the credit file"),
        _column("judgments", "history", "courts", "judgments in 5 years", -1,
                "court orders unpaid"),
        _column("credit_used", "history", "bills", "share of credit limits", -1, "credit in use"),
        _column("tax_notices", "history", "tax", "notices in 5 years", -1, "tax overdue (S6)"),
        _column("spending", "capacity", "payments", "thousand yuan a month", 1,
                "payments that the rater's source sees (S4, S5)"),
        _column("merchants", "capacity", "clearing", "merchants a month", 0,
                "merchants paid (S5)"),
        _column("payment_places", "capacity", "clearing", "cities a year", 0,
                "places where one paid (S5)"),
        _column("income", "capacity", "tax", "thousand yuan a month", 1, "declared income"),
        _column("tax_paid", "capacity", "tax", "thousand yuan a year", 1, "income tax paid (S6)"),
        _column("assets", "capacity", "tax", "thousand yuan", 1, "declared assets"),
        _column("job", "capacity", "employment", "occupation", 1, "occupation", JOBS),
        _column("job_years", "capacity", "employment", "years", 1, "years in the present job"),
        _column("phone_years", "personal", "phone", "years", 1, "years with this phone number"),
        _column("phone_quality", "personal", "phone", "grade, 0 to 10", 1,
                "price grade of the number"),
        _column("district_price", "personal", "address", "thousand yuan a square metre", 1,
                "price of homes in the district"),
        _column("district_late", "personal", "address", "late bills a person", -1,
                "late bills in the district last year"),
        _column("address_years", "personal", "address", "years", 1, "years at this address"),
        _column("partner", "personal", "family", "0 or 1", 1, "lives with a partner (S9)"),
        _column("children", "personal", "family", "children under 18", 1, "children (S9)"),
        _column("gaming_hours", "behaviour", "games", "hours a day", -1, "video games (S12)"),
        _column("game_spending", "behaviour", "games", "yuan a month", -1,
                "money spent on games (S12)"),
        _column("online_hours", "behaviour", "games", "hours a day", 0,
                "hours online beside play (S12)"),
        _column("diapers", "behaviour", "shopping", "packs a month", 1, "diapers bought (S12)"),
        _column("books", "behaviour", "shopping", "books a month", 1, "books bought"),
        _column("trips", "behaviour", "travel", "trips a year", 0, "long-distance trips"),
        _column("gifts", "behaviour", "giving", "gifts a year", 1, "gifts to charity"),
        _column("volunteer_hours", "behaviour", "giving", "hours a year", 1,
                "volunteer work (S3)"),
        _column("traffic_fines", "behaviour", "traffic", "fines in 2 years", -1,
                "traffic fines (S6)"),
        _column("critical_posts", "behaviour", "posts", "posts a year", -1,
                "posts critical of the authorities (S17)"),
        _column("exam_cheating", "behaviour", "education", "0 or 1", -1,
                "on the list of exam cheats (S11)"),
        _column("rides", "behaviour", "rides", "rides a month", 0, "rides hailed (S11)"),
        _column("ride_cancellations", "behaviour", "rides", "cancellations a month", -1,
                "rides called off (S11)"),
        _column("dating_likes", "behaviour", "dating", "likes a month", 1,
                "likes on the dating site (S11)"),
        _column("driver_stars", "behaviour", "ratings", "stars, 1 to 5", 1,
                "mean rating by drivers (S2)"),
        _column("seller_stars", "behaviour", "ratings", "stars, 1 to 5", 1,
                "mean rating by sellers (S2)"),
        _column("contact_stars", "behaviour", "ratings", "stars, 1 to 5", 1,
                "mean rating by contacts (S2)"),
        _column("ratings_count", "behaviour", "ratings", "ratings a year", 0,
                "peer ratings got (S2)"),
        _column("friends", "relationships", "contacts", "friends", 1, "number of friends"),
        _column("friends_late", "relationships", "contacts", "late bills a friend", -1,
                "mean late bills of friends (S13)"),
        _column("friends_spending", "relationships", "contacts", "thousand yuan a month", 1,
                "mean spending of friends"),
        _column("friends_gaming", "relationships", "contacts", "hours a day", -1,
                "mean play of friends"),
        _column("friends_stars", "relationships", "contacts", "stars, 1 to 5", 1,
                "mean rating of friends by drivers"),
        _column("partner_late", "relationships", "family", "late bills", -1,
                "late bills of the partner"),
        _column("friends_judgments", "relationships", "contacts", "share of friends", -1,
                "share of friends with an unpaid court order"),
    )
}  # fmt: skip
