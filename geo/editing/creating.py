"""Makes new places: buildings, sections and complexes, in the name of staff and noted as theirs."""

from collections.abc import Mapping

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from geo.editing.authors import author_of
from geo.editing.controls_of import control_of
from geo.editing.derived import refresh_derived
from geo.editing.outline_texts import to_element
from geo.errors import BadParameterError
from geo.history import Author
from geo.model import Building, Complex, Section


def create_building(session: Session, outline: MultiPolygon, said: Mapping[str, str], *, by: int | None) -> Building:
    """A new building with its outline and what texts say of it; it is followed floor by floor from now on.

    Raises
    ------
    BadParameterError
        It has neither name nor address, or a text is not taken.
    """
    values = {name: control_of("buildings", name).value(text) for name, text in said.items()}
    if not values.get("name") and not values.get("address"):
        raise BadParameterError("name", "", "a name or an address")
    building = Building(geom=to_element(outline), managed=True, source_id=author_of(session, by).source_id)
    for name, value in values.items():
        if value is not None:
            setattr(building, name, value)
    session.add(building)
    session.flush()
    session.refresh(building)
    refresh_derived(session, building, ["name", "geom"])
    return building


def create_section(session: Session, building: Building, said: Mapping[str, str], *, by: Author) -> Section:
    """A new section of a building, drawn as the whole building until it has an outline of its own.

    Raises
    ------
    BadParameterError
        A text is not taken, or it has no height.
    """
    values = {name: control_of("sections", name).value(text) for name, text in said.items()}
    if values.get("height_m") is None or values["height_m"] <= (values.get("base_height_m") or 0):
        raise BadParameterError("height_m", said.get("height_m", ""), "a height above the base")
    values["base_height_m"] = values.get("base_height_m") or 0.0
    section = Section(building_id=building.id, geom=building.geom, source_id=by.source_id, **values)
    session.add(section)
    session.flush()
    session.refresh(section)
    refresh_derived(session, section, ["geom"])
    return section


def create_complex(session: Session, said: Mapping[str, str], *, by: Author) -> Complex:
    """A new complex without buildings; raises BadParameterError where it has no name."""
    values = {name: control_of("complexes", name).value(text) for name, text in said.items()}
    if not values.get("name"):
        raise BadParameterError("name", "", "a name")
    whole = Complex(source_id=by.source_id, **values)
    session.add(whole)
    session.flush()
    return whole
