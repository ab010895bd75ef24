"""An agency: a description, and what it does with a society."""

from credit_ml.agencies.rater import Rater, fit_rater
from credit_ml.agencies.scorer_parts import ScorerKind
from credit_ml.agencies.specification import AgencySpecification
from credit_ml.agencies.view import view
from credit_ml.core import Dataset
from credit_ml.society import Society


class Agency(AgencySpecification):
    """The description of a rater, before it has seen anybody; as a TOML file holds it.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> load_agency("sesame").privilege("car_without_deposit").threshold
    650.0
    >>> load_agency("clearing")
    Agency(clearing: Watch on cleared payments; neural; payment_check below 20)
    """

    def view(self, society: Society) -> Dataset:
        """Return what the agency sees of a society, with the outcome of the audited period."""
        return view(self, society)

    def fit(self, society: Society, *, scorer: ScorerKind | None = None, seed: int = 0) -> Rater:
        """Train on what the agency sees and on outcomes of the period before the audited one.

        Cost: that of fitting the scorer.

        Parameters
        ----------
        society : Society
            Whose records and earlier outcomes train the scorer.
        scorer : ScorerKind, optional
            Another kind of scorer than the agency's own: opaque, scorecard, logistic, neural,
            tree, blend, ebm or lightgbm, the last two where their library is installed.
        seed : int
            Seed of the scorer's own draws.

        Raises
        ------
        AgencyError
            When the kind of scorer cannot be had.
        """
        return fit_rater(self if scorer is None else self.with_scorer(scorer), society, seed=seed)
