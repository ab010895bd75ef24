"""What is found of single citizens of a simulated society."""

from typing import ClassVar

from credit_ml.core import Finding, cited


class SampleCitizens(Finding):
    """Some citizens of a simulated society, one by one, as one rater sees them.

    Columns of `table`: the schema's, then citizen (row in the society), name and text. Measures:

    - "score": what the rater gives. "compared_with": the mean of the people that reasons are
      against.
    - "reason": points that a factor (name) adds; text says it in a sentence, where a record can be
      named. The reasons of a citizen add up to "score" less "compared_with".
    - "twin_score": score of the same citizen under the same chance, with a sensitive feature of
      another group: sensitive, group (the own) and reference_group (the twin's). A row of each
      feature; NaN and "" where no twin was made.
    - "with_other_friends": quantile (name) of the score with the friends of other citizens drawn at
      random; "passes_with_other_friends": with which share of them the threshold is reached, with
      the interval of those drawn. No rows where the rater reads nobody's friends, or does not know
      the citizen.
    - "score_after" and "cost_of_response": what is had after a regime of disclosure (name), and
      what it took, share of own yearly income; text names what was done.

    No number has an interval that says how sure it is of another society: a citizen's score is a
    fact of the one that was made.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> rows = [{"citizen": 4, "measure": measure, "estimate": points, "name": "", "text": ""}
    ...         for measure, points in (("score", 612.0), ("compared_with", 640.0))]
    >>> found = SampleCitizens(table=conform(rows), title="One citizen")
    >>> found.where(measure="score").table["estimate"].item()
    612.0
    """

    kind: ClassVar[str] = "sample_citizens"
    labels: ClassVar[tuple[str, ...]] = ("citizen", "name")
    citations = cited("kusner_2017", "shapley_1953")
