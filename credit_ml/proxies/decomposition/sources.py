"""Where the methods that take gaps apart were published."""

from credit_ml.core.bibliography import cited

SHAPLEY = cited("shapley_1953", "janzing_2020")
OAXACA = cited("kitagawa_1955", "oaxaca_1973", "blinder_1973")
INTERVENTION = cited("plecko_2024")
LINDHOLM = cited("lindholm_2022", "lindholm_2026")
