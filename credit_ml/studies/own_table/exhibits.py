"""Exhibits of rules of law from a table of one's own: the same keys as an audit's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from credit_ml.governance import ExhibitOptions, RuleExhibit, exhibits
from credit_ml.scoring import Scorecard
from credit_ml.studies.own_table.audit_table import prepared
from credit_ml.studies.own_table.spec import TableAudit
from credit_ml.studies.own_table.user_input import numbers_in


def exhibits_of_table(
    table: Any,
    rules: Sequence[str],
    spec: TableAudit | str | Path | None = None,
    *,
    on: date | str | None = None,
    told: ExhibitOptions | str | Path | None = None,
    even_if_not_in_force: bool = False,
    **options: Any,
) -> list[RuleExhibit]:
    """Hold a table's scores against rules of law.

    The scores are those given, those of the fitted model given, or of a scorecard that is trained
    on the table.

    Parameters
    ----------
    table, spec, **options
        As in `audit_table`; a threshold, a menu and missing sensitive values are taken from there.
    rules, on, even_if_not_in_force
        As in `credit_ml.governance.exhibits`.
    told : ExhibitOptions, str or Path, optional
        What a form needs to be told, or a TOML file that says it.

    Raises
    ------
    RuleError, TableError, ModelError
        As `exhibits` and `audit_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3] * 25, "sex": ["f", "m"] * 50,
    ...                       "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10})
    >>> asked = {"target": "paid", "sensitive": "sex", "threshold": 0.5}
    >>> [found] = exhibits_of_table(frame, ["gdpr-22"], **asked)
    >>> found.overall["follows_score"]
    np.float64(1.0)
    """
    asked = TableAudit.of(spec, **options)
    known = ExhibitOptions.read(told) if isinstance(told, str | Path) else told or ExhibitOptions()
    people = prepared(table, asked)
    dataset = people.dataset if people.model is None else people.model.dataset
    if asked.income is not None and dataset.raw is not None:
        incomes = numbers_in(
            dataset.raw.columns([asked.income]), asked.income, "income", dataset.name
        )
        context = dataset.context.assign(income=incomes.to_numpy())
        dataset = replace(dataset, context=context)
    given: dict[str, Any] = {}
    if known.threshold is None and asked.threshold is not None:
        # Given risks are turned round, and so is the score from which one is granted.
        turned = asked.direction == "lower_is_better" and asked.score is not None
        given["threshold"] = -asked.threshold if turned else asked.threshold
    if known.menu is None and asked.menu is not None:
        given["menu"] = asked.menu
    model: Any = None if people.model is None else people.model.rater
    if people.scores is None:
        model = Scorecard().fit(dataset.X, dataset.outcome(needed_for="a scorecard"))
    elif people.model is None:
        given["scores"] = people.scores
    return exhibits(
        model,
        dataset,
        rules,
        on=on,
        options=known.model_copy(update=given),
        even_if_not_in_force=even_if_not_in_force,
    )
