"""All measures that formulas may name, from the modules that take them."""

from geo.indicators import concentration, people, reports, spaces, taxes
from geo.indicators.measuring import MEASURES, Amount, Floats, Measure, measure, measure_names

__all__ = ["MEASURES", "Amount", "Floats", "Measure", "measure", "measure_names"]
__all__ += ["concentration", "people", "reports", "spaces", "taxes"]
