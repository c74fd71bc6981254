"""The collections that there are: what each is called, what its features say, how its rows are found."""

from collections.abc import Callable
from dataclasses import dataclass

from geo.cql.to_sql import Kind, Queryable
from geo.errors import NotFoundError
from geo.exports.fields import Field
from geo.exports.layers import BUILDINGS, UNITS
from geo.exports.rows import Rows, building_rows, unit_rows
from geo.features.place_rows import (
    amenity_fields,
    amenity_rows,
    area_fields,
    area_rows,
    cluster_fields,
    cluster_rows,
)
from geo.search import Asked

CODE = "code"
"""The field that is a feature's identifier."""

GEOMETRY = "geometry"
"""What filters call the outline."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of features.

    `shape` is the GeoJSON type of all its outlines, `dated` the field that places a feature in time, `tiles` the layer
    of vector tiles that draws it, `rows` where its features come from; `read_rows` the same, made for reading a few
    of them that have been found already.
    """

    name: str
    title: str
    title_en: str
    about: str
    about_en: str
    shape: str
    fields: tuple[Field, ...]
    rows: Callable[[Asked], Rows]
    read_rows: Callable[[Asked], Rows]
    dated: str | None = None
    tiles: str | None = None

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def collection_of(name: str) -> Collection:
    """The collection of that name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if name not in COLLECTIONS:
        raise NotFoundError(f"There is no collection of that name; there are {', '.join(COLLECTIONS)}.")
    return COLLECTIONS[name]


def queryables(collection: Collection, rows: Rows) -> dict[str, Queryable]:
    """What filters may name: the fields of a collection and its geometry, as the columns of its rows."""
    named = {each.name: Queryable(_KINDS[each.kind], rows.columns[each.name]) for each in collection.fields}
    return named | {GEOMETRY: Queryable("shape", rows.outline, rows.located)}


_KINDS: dict[str, Kind] = {"text": "text", "whole": "number", "number": "number", "day": "day", "yes_no": "yes_no"}


def _each_building(asked: Asked) -> Rows:
    return building_rows(asked, each=True)


_ALL = (
    Collection(
        "buildings",
        BUILDINGS.title,
        BUILDINGS.title_en,
        "楼宇轮廓、等级、年代和单元面积合计",
        "Outlines of buildings with grade, year and the sums of their units",
        BUILDINGS.shapes,
        BUILDINGS.fields,
        building_rows,
        _each_building,
        tiles="buildings",
    ),
    Collection(
        "units",
        UNITS.title,
        UNITS.title_en,
        "单元的公开状态、面积和挂牌租金，位置为所在楼宇内一点；久未核实的待租单元不在其中",
        "Units with public state, area and asking rent, each at a point in its building; those on the market that "
        "nobody has confirmed for long are left out",
        UNITS.shapes,
        UNITS.fields,
        unit_rows,
        unit_rows,
        dated="reported_on",
    ),
    Collection(
        "areas",
        "区划",
        "Areas",
        "街道、商务区等有名称的范围",
        "Named areas such as subdistricts and business districts",
        "MultiPolygon",
        area_fields(),
        area_rows,
        area_rows,
        tiles="areas",
    ),
    Collection(
        "amenities",
        "配套设施",
        "Amenities",
        "地铁站、餐饮、银行等正在营业的配套设施",
        "Metro stations, restaurants, banks and other amenities that are open",
        "Point",
        amenity_fields(),
        amenity_rows,
        amenity_rows,
        tiles="amenities",
    ),
    Collection(
        "clusters",
        "产业集聚区",
        "Industry clusters",
        "某一行业显著集聚的范围，附方法和计算日",
        "Where an industry gathers more than chance explains, with method and day",
        "MultiPolygon",
        cluster_fields(),
        cluster_rows,
        cluster_rows,
        dated="computed_on",
        tiles="clusters",
    ),
)
COLLECTIONS = {each.name: each for each in _ALL}
