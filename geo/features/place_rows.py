"""Rows and fields of what surrounds buildings: areas, amenities, industry clusters.

As the lists of `geo/search_places.py` show them, with the columns that `geo/disclosure.py` makes public.
"""

from functools import cache
from typing import Any

from sqlalchemy import FromClause, and_
from sqlalchemy.orm import aliased

from geo import taxonomy
from geo.conditions import named, shown
from geo.exports.fields import Field
from geo.exports.rows import Expression, Rows, table_of
from geo.model import Amenity, Area, Cluster, Source
from geo.search import Asked

_PARENT = aliased(Area, name="parent")


@cache
def area_fields() -> tuple[Field, ...]:
    """The columns of named areas."""
    return (
        Field("code", "text", "编码", "Code"),
        Field("official_code", "text", "行政区划代码", "Official code"),
        Field("level", "text", "级别", "Level", codes=tuple(taxonomy.area_levels())),
        Field("name", "text", "名称", "Name"),
        Field("name_en", "text", "英文名称", "English name"),
        Field("parent_code", "text", "上级编码", "Code of the area above"),
        Field("source", "text", "来源", "Source"),
    )


@cache
def amenity_fields() -> tuple[Field, ...]:
    """The columns of amenities."""
    return (
        Field("code", "text", "编码", "Code"),
        Field("category", "text", "类别", "Category", codes=tuple(taxonomy.amenity_categories())),
        Field("name", "text", "名称", "Name"),
        Field("name_en", "text", "英文名称", "English name"),
        Field("address", "text", "地址", "Address"),
        Field("opening_hours", "text", "营业时间", "Opening hours"),
        Field("source", "text", "来源", "Source"),
    )


@cache
def cluster_fields() -> tuple[Field, ...]:
    """The columns of industry clusters."""
    return (
        Field("code", "text", "编码", "Code"),
        Field("industry_group", "text", "行业", "Industry", codes=tuple(taxonomy.map_groups())),
        Field("enterprises", "whole", "企业数", "Enterprises"),
        Field(
            "expected",
            "number",
            "预期企业数",
            "Expected",
            meaning="按全区密度",
            meaning_en="At the density of all enterprises",
        ),
        Field("quotient", "number", "区位商", "Location quotient"),
        Field(
            "z", "number", "z 值", "z", meaning="泊松标准化超出", meaning_en="Standardised excess of a Poisson count"
        ),
        Field("method", "text", "方法", "Method"),
        Field("computed_on", "day", "计算日", "Computed on"),
    )


def area_rows(_asked: Asked) -> Rows:
    """Named areas."""
    columns = _columns(Area, area_fields()) | {"parent_code": _PARENT.code, "source": Source.name}
    tables = _with_source(Area).outerjoin(_PARENT, and_(_PARENT.id == Area.parent_id, *shown(_PARENT, staff=False)))
    return Rows(Area.id, tables, columns, Area.geom, Area.geom, tuple(shown(Area, staff=False)))


def amenity_rows(_asked: Asked) -> Rows:
    """Amenities that are open."""
    columns = _columns(Amenity, amenity_fields()) | {"source": Source.name}
    visible = (*shown(Amenity, staff=False), Amenity.open)
    return Rows(Amenity.id, _with_source(Amenity), columns, Amenity.geom, Amenity.geom, visible)


def cluster_rows(_asked: Asked) -> Rows:
    """Industry clusters."""
    columns = _columns(Cluster, cluster_fields())
    return Rows(Cluster.id, table_of(Cluster), columns, Cluster.geom, Cluster.geom, ())


def _columns(table: Any, fields: tuple[Field, ...]) -> dict[str, Expression]:
    """The columns of the table itself; others take their place by name."""
    return {field.name: getattr(table, field.name, None) for field in fields}


def _with_source(table: Any) -> FromClause:
    return table_of(table).outerjoin(Source, and_(Source.id == table.source_id, *named(Source, staff=False)))
