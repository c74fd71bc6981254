"""Lists of what surrounds buildings, in SQL: amenities, named areas, enterprises."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from geo.conditions import envelope, seen, shown
from geo.filters import Filters
from geo.model import Amenity, Area, Building, Enterprise
from geo.search import Asked, Page, page


def find_amenities(session: Session, filters: Filters, asked: Asked) -> Page:
    """Amenities of the categories in `near`, in the box and with the text asked for; rows of (Amenity,)."""
    chosen = select(Amenity).options(seen(Amenity, asked.staff)).where(*shown(Amenity, asked.staff), Amenity.open)
    if filters.near:
        chosen = chosen.where(Amenity.category.in_(filters.near))
    if filters.bbox:
        chosen = chosen.where(Amenity.geom.op("&&")(envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Amenity.name.icontains(filters.q, autoescape=True))
    return page(session, chosen, {"name": func.coalesce(Amenity.name, "")}, Amenity.id, asked)


def find_areas(session: Session, filters: Filters, asked: Asked) -> Page:
    """Named areas, by text and box; rows of (Area,)."""
    chosen = select(Area).options(seen(Area, asked.staff)).where(*shown(Area, asked.staff))
    if filters.bbox:
        chosen = chosen.where(Area.geom.op("&&")(envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Area.name.icontains(filters.q, autoescape=True))
    return page(session, chosen, {"name": Area.name}, Area.id, asked)


def find_enterprises(session: Session, filters: Filters, asked: Asked) -> Page:
    """Enterprises whose name may be public (never individual traders); rows of (Enterprise, Building or None)."""
    chosen = (
        select(Enterprise, Building)
        .outerjoin(Building, and_(Building.id == Enterprise.building_id, *shown(Building, asked.staff)))
        .options(seen(Enterprise, asked.staff), seen(Building, asked.staff))
        .where(*shown(Enterprise, asked.staff))
    )
    if not asked.staff:
        chosen = chosen.where(~Enterprise.is_individual)
    if filters.industry:
        chosen = chosen.where(Enterprise.industry_group.in_(filters.industry))
    if filters.bbox:
        chosen = chosen.where(Enterprise.geom.op("&&")(envelope(filters.bbox)))
    if filters.q:
        chosen = chosen.where(Enterprise.name.icontains(filters.q, autoescape=True))
    return page(session, chosen, {"name": Enterprise.name}, Enterprise.id, asked)
