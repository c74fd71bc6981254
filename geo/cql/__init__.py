"""Filters in CQL2, as text or JSON: read into a tree that knows its places, and turned into conditions of SQL.

References
----------
OGC 21-065r2, "Common Query Language (CQL2)", 2024.
"""

from geo.cql.json_form import parse_json
from geo.cql.text_form import parse_text
from geo.cql.to_sql import Queryable, condition

__all__ = ["Queryable", "condition", "parse_json", "parse_text"]
