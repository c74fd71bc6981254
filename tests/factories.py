"""Makes rows for tests: every function adds one thing with sensible values, and whatever it cannot be without.

All take the session first and any column as a keyword; the row is flushed, so that it has its id and code.
"""

from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar

from geoalchemy2.shape import from_shape
from psycopg.types.range import Range
from shapely import MultiPolygon, Point, Polygon, box
from sqlalchemy.orm import Session

from geo.model import (
    Amenity,
    Area,
    Base,
    Building,
    Enterprise,
    Figure,
    Floor,
    Offer,
    OfferUnit,
    Source,
    Target,
    Tenancy,
    Unit,
)
from geo.reports import Document, document_json, fingerprint
from geo.reports.blocks import Chapter, Paragraph, Run
from geo.text import search_keys
from webmap.auth.models import User, UserRole
from webmap.auth.passwords import hash_password
from webmap.reports.models import Report

HERE = (121.47, 31.23)
"""Where things are made unless told otherwise, as longitude and latitude."""

PASSWORD = "correct horse battery staple"

_numbers = count(1)

Row = TypeVar("Row", bound=Base)


def square(lon: float = HERE[0], lat: float = HERE[1], half: float = 0.0002) -> MultiPolygon:
    """A square outline around a position, about 40 m wide by default; `half` is in degrees."""
    return MultiPolygon([box(lon - half, lat - half, lon + half, lat + half)])


def create_source(session: Session, **values: Any) -> Source:
    """A public, publishable source."""
    number = next(_numbers)
    defaults = {"name": f"来源 {number}", "secrecy": "public", "publishable": True, "attribution": f"某某局 {number}"}
    return _add(session, Source(**defaults | values))


def create_area(session: Session, outline: Polygon | MultiPolygon | None = None, **values: Any) -> Area:
    """A subdistrict of about 4 km around everything else."""
    defaults = {"name": "江湾街道", "name_en": "Jiangwan", "level": "subdistrict"}
    return _add(session, Area(geom=_shape(outline or square(half=0.02)), **_sourced(session, defaults | values)))


def create_building(session: Session, outline: Polygon | MultiPolygon | None = None, **values: Any) -> Building:
    """A managed office tower of 20 floors; `search_text` follows its names."""
    defaults: dict[str, Any] = {"name": "云澜大厦", "name_en": "Yunlan Tower", "managed": True, "height_m": 88.0}
    defaults |= {"floors_above": 20, "floors_below": 2, "grade": "a", "leasable_area_m2": 24000}
    row = defaults | values
    row.setdefault("search_text", search_keys(row["name"], row["name_en"], *row.get("aliases", ())))
    return _add(session, Building(geom=_shape(outline or square()), **_sourced(session, row)))


def create_floor(session: Session, building: Building | None = None, position: int = 1, **values: Any) -> Floor:
    """A floor whose label is its position."""
    building = building or create_building(session)
    defaults = {"label": f"{position}F" if position > 0 else f"B{-position}", "area_m2": 1200}
    return _add(session, Floor(building_id=building.id, position=position, **defaults | values))


def create_unit(session: Session, floor: Floor | None = None, **values: Any) -> Unit:
    """A vacant unit of 200 m² at 5 CNY/m²/day, reported on 2 March 2026."""
    floor = floor or create_floor(session)
    defaults: dict[str, Any] = {"label": f"{floor.position}{next(_numbers):02}", "area_m2": 200}
    defaults |= {"occupancy": "vacant", "public_status": "vacant", "fitout": "basic"}
    defaults |= {"rent_amount": 5, "rent_unit": "cny_m2_day", "rent_cny_m2_day": 5.0, "reported_on": date(2026, 3, 2)}
    place = {"building_id": floor.building_id, "floor_id": floor.id}
    return _add(session, Unit(**_sourced(session, place | defaults | values)))


def create_offer(session: Session, *units: Unit, **values: Any) -> Offer:
    """An offer to let the units (or a new one)."""
    units = units or (create_unit(session),)
    defaults = {"building_id": units[0].building_id, "rent_low": 5, "rent_high": 5, "rent_unit": "cny_m2_day"}
    offer = _add(session, Offer(**_sourced(session, defaults | values)))
    session.add_all(OfferUnit(offer_id=offer.id, unit_id=unit.id) for unit in units)
    session.flush()
    return offer


def create_enterprise(session: Session, building: Building | None = None, **values: Any) -> Enterprise:
    """A company; with a building it is a tenant there."""
    defaults: dict[str, Any] = {"name": f"海原科技{next(_numbers)}有限公司", "industry_group": "it"}
    if building:
        defaults |= {"building_id": building.id, "geom": from_shape(Point(*HERE), srid=4326)}
    enterprise = _add(session, Enterprise(**_sourced(session, defaults | values)))
    if building:
        tenancy = {"enterprise_id": enterprise.id, "building_id": building.id, "source_id": enterprise.source_id}
        _add(session, Tenancy(**tenancy))
    return enterprise


def create_amenity(session: Session, lon: float = HERE[0], lat: float = HERE[1], **values: Any) -> Amenity:
    """A metro station."""
    defaults = {"category": "metro", "name": "江湾站", "name_en": "Jiangwan Station"}
    return _add(session, Amenity(geom=_shape(Point(lon, lat)), **_sourced(session, defaults | values)))


def create_figure(session: Session, **values: Any) -> Figure:
    """A million yuan of tax in 2025, received, of all scopes, without one-off taxes, where the firms are registered."""
    defaults: dict[str, Any] = {"indicator": "building_tax", "period": Range(date(2025, 1, 1), date(2026, 1, 1))}
    defaults |= {"scope": "full", "basis": "received", "one_off": False, "attribution": "registered"}
    return _add(session, Figure(**_sourced(session, defaults | {"value": 1_000_000} | values)))


def create_target(session: Session, area: Area, **values: Any) -> Target:
    """At least 85 % of the space taken in 2026."""
    defaults = {"area_id": area.id, "indicator": "occupancy_rate", "year": 2026, "bound": "at_least", "value": 85}
    return _add(session, Target(**_sourced(session, defaults | values)))


def create_report(session: Session, *, said: str = "运营楼宇 2 幢。", **values: Any) -> Report:
    """A draft of the white paper of 2025 for the public, which says one sentence in every language."""
    chapter = Chapter("overview", "概况", (Paragraph((Run(said, "operating_buildings"),)),))
    titles = dict.fromkeys(("zh-Hans", "en"), "楼宇经济白皮书（2025）")
    told: dict[str, Any] = {"kind": "year", "span": "2025", "audience": "public", "as_of": date(2025, 12, 31)}
    told |= {"known_at": datetime(2026, 1, 5, tzinfo=UTC), "chapters": ["overview"], "titles": titles}
    told |= values
    document = document_json(
        Document(
            kind=told["kind"],
            span=told["span"],
            area="",
            area_names=("", ""),
            audience=told["audience"],
            as_of=f"{told['as_of']}",
            known_at=told["known_at"].isoformat(),
            complete=True,
            titles=titles,
            figures=(),
            areas=(),
            buildings=(),
            sources=(),
            chapters=dict.fromkeys(titles, (chapter,)),
        )
    )
    return _add(session, Report(document=document, sha256=fingerprint(document), **told))


def create_user(session: Session, *roles: str, **values: Any) -> User:
    """An account with roles that hold everywhere; its password is `PASSWORD`."""
    defaults = {"name": f"person{next(_numbers)}", "password_hash": _password_hash()}
    user = User(**defaults | values)
    user.roles = [UserRole(role=role) for role in roles]
    return _add(session, user)


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _sourced(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    if "source_id" not in values:
        values = values | {"source_id": create_source(session).id}
    return values


def _shape(shape: Any) -> Any:
    multi = MultiPolygon([shape]) if isinstance(shape, Polygon) else shape
    return from_shape(multi, srid=4326)
