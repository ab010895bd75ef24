"""Where the methods that take gaps apart were published."""

SHAPLEY = (
    "Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II, "
    "307-317.",
    "Janzing, D., Minorics, L. and Bloebaum, P. (2020). Feature relevance quantification in "
    "explainable AI: a causal problem. AISTATS.",
)
OAXACA = (
    "Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the "
    "American Statistical Association 50, 1168-1194.",
    "Oaxaca, R. (1973). Male-female wage differentials in urban labor markets. International "
    "Economic Review 14, 693-709.",
    "Blinder, A. S. (1973). Wage discrimination: reduced form and structural estimates. Journal "
    "of Human Resources 8, 436-455.",
)
INTERVENTION = (
    "Plecko, D. and Bareinboim, E. (2024). Causal fairness analysis. Foundations and Trends in "
    "Machine Learning 17, 304-589.",
)
LINDHOLM = (
    "Lindholm, M., Richman, R., Tsanakas, A. and Wuethrich, M. V. (2022). Discrimination-free "
    "insurance pricing. ASTIN Bulletin 52, 55-89.",
    "Lindholm, M., Richman, R., Tsanakas, A. and Wuethrich, M. V. (2026). Sensitivity-based "
    "measures of discrimination in insurance pricing. European Journal of Operational Research "
    "333, 601-615.",
)
