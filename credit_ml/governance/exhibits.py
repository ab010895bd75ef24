"""From rules of law to their exhibits: one a rule, in the form in which it asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from credit_ml.core import Dataset, conform, need_known
from credit_ml.disclosure.notice import day_of
from credit_ml.governance.case import ExhibitCase, ExhibitOptions
from credit_ml.governance.finding import NO_ADVICE, RuleExhibit
from credit_ml.governance.form import forms
from credit_ml.governance.rule import STATUSES, LegalRule, RuleError, load_rule
from credit_ml.society import Society

Rules = str | Path | LegalRule


def exhibits(
    model: Any,
    dataset: Dataset,
    rules: Rules | Sequence[Rules],
    *,
    on: date | str | None = None,
    options: ExhibitOptions | Mapping[str, Any] | None = None,
    society: Society | None = None,
    even_if_not_in_force: bool = False,
) -> list[RuleExhibit]:
    """Hold a score against rules of law: one exhibit a rule, in the form that the rule asks for.

    Every number comes from the instruments of this package (`audit`, `adverse_impact`,
    `reasons_for`, `recourse`, `intervene`, ...); each exhibit says how well the rule's facts are
    known. An exhibit is no legal advice.

    Cost: that of the instruments a form asks; the letters that of `notice`.

    Parameters
    ----------
    model : rater, scikit-learn model, callable or None
        None where `options` give the scores; forms that must ask a model then refuse.
    dataset : Dataset
        Whom it scores.
    rules : str, Path, LegalRule, or several
        Of the catalogue (`rule_ids`), of one's own TOML file, or themselves.
    on : date or str, optional
        Day of the audit; today by default.
    options : ExhibitOptions or mapping, optional
        What a form needs to be told: the threshold, the provider, which columns are what.
    society : Society, optional
        Where the dataset is a view of one, for terms of listings over years.
    even_if_not_in_force : bool
        Fill in the form of a rule that does not hold on that day, and say so on it.

    Raises
    ------
    RuleError
        When a rule is unknown or not in force, the date is none, or the table lacks what a rule
        asks; before anything is computed, as far as it can be known then.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 5, "sex": list("ffmmm") * 4,
    ...                       "race": ["a", "b"] * 10})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex", "race"])
    >>> [found] = exhibits(lambda X: -X["late"], data, "nyc-ll144", on="2026-11-29")
    >>> found.by("sex")["impact_ratio"].round(3).to_dict()
    {'f': 1.0, 'm': 1.0, 'all': nan}
    """
    single = isinstance(rules, str | Path | LegalRule)
    several = isinstance(rules, Iterable) and not single
    named: list[Any] = list(rules) if several else [rules]  # type: ignore[arg-type]
    RuleError.unless(named, "rules", "are none", "name at least one")
    chosen = [each if isinstance(each, LegalRule) else load_rule(each) for each in named]
    day, known = day_of(on), forms()
    for rule in chosen:
        need_known(RuleError, f"rule '{rule.id}', exhibit", rule.exhibit, known)
        problem = f"is in force {rule.term}, not on {day}"
        remedy = "give another day, or even_if_not_in_force"
        held = even_if_not_in_force or rule.in_force(day)
        RuleError.unless(held, f"rule '{rule.id}'", problem, remedy)
    told = options if isinstance(options, ExhibitOptions) else ExhibitOptions.of(options or {})
    cases = [
        ExhibitCase(rule=rule, on=day, model=model, dataset=dataset, options=told, society=society)
        for rule in chosen
    ]
    return [_exhibit(case) for case in cases]


def _exhibit(case: ExhibitCase) -> RuleExhibit:
    rule, form = case.rule, forms()[case.rule.exhibit]
    filled = form.fill(case)
    held = rule.in_force(case.on)
    notes = [NO_ADVICE, f"The facts of this rule are {STATUSES[rule.status]}."]
    notes += [] if held else [f"On {case.on} this rule is not in force: it is {rule.term}."]
    return RuleExhibit(
        table=conform(filled.rows),
        title=f"{form.title}: {rule.title}",
        parameters={
            "rule": rule.model_dump(mode="json"),
            "on": case.on.isoformat(),
            "in_force": held,
            "table": case.dataset.name,
            "people": len(case.dataset),
            "form": form.parts(case, filled),
            **filled.parameters,
        },
        seed=filled.seed,
        notes=(*notes, *([rule.note] if rule.note else [])),
    )
