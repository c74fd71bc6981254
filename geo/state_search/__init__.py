"""Search over a state file in memory: which units and buildings match, how many with each other value, page by page.

`Table` is a state made ready, once for each version; `Search` is one question to it. The rules are those of
`geo/search.py`, which asks the same of SQL; a property test holds the two to one answer.
"""

from geo.state_search.part import searched
from geo.state_search.search import Search
from geo.state_search.table import Table

__all__ = ["Search", "Table", "searched"]
