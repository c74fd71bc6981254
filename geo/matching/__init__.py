"""From a tenant's requirement to ranked units with a reason for every point, and to what would fit if one thing gave.

`Requirement` is what is asked for, `Market` a state made ready for it, `match` the answer,
`judge` the same for units that somebody has chosen.
"""

from geo.matching.finding import Answer, match
from geo.matching.judging import Verdict, judge
from geo.matching.market import Market
from geo.matching.requirement import Requirement, parse, to_query

__all__ = ["Answer", "Market", "Requirement", "Verdict", "judge", "match", "parse", "to_query"]
