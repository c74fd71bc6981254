"""Staff look at units on the spot: a check marks a unit verified with its day, and samples say how much to believe."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, any_, func, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.history import Author, change_unit, verify_units
from geo.model import Area, Building, Floor, Source, Unit
from geo.returns.said import STATES, Said
from geo.returns.sampling import Estimate, draw, sample_size, wilson
from geo.returns.standing import UnitNow, units_now
from webmap import files
from webmap.images import MOST_BYTES, read_image
from webmap.permissions import User
from webmap.vacancy.check_models import AuditSample, SpotCheck
from webmap.vacancy.owing import OWING, Clock

SOURCE_NAME = "现场核查"
NOTE_LENGTH = 500
MARGINS = (0.05, 0.1, 0.15)


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody saw of a unit: as reported, or what it is instead."""

    checked_on: date
    found: str | None
    note: str | None
    photo: BinaryIO | None
    sample_id: int | None


@dataclass(frozen=True, slots=True)
class SampledUnit:
    """A unit of a sample with where it is, and the check if somebody was there."""

    unit: Unit
    building: Building
    floor: str
    check: SpotCheck | None


@dataclass(frozen=True, slots=True)
class SampleReport:
    """A sample with its units and what it says of all units so far: the share that was not as reported."""

    sample: AuditSample
    area: Area | None
    units: Sequence[SampledUnit]
    wrong: Estimate | None

    @property
    def seen(self) -> int:
        """How many were looked at."""
        return sum(each.check is not None for each in self.units)


def note_check(session: Session, user: User, folder: Path, unit: Unit, looked: Looked, clock: Clock) -> SpotCheck:
    """Keep what was seen; the unit is verified with that day, and what was otherwise is held so from then on.

    Raises
    ------
    BadParameterError
        The day is to come, the state is none, or the note is too long.
    webmap.errors.FileRefusedError, webmap.errors.FileTooLargeError
        The photo is not taken.
    """
    _check(looked, clock.today)
    now = next(each for each in units_now(session, unit.building_id, clock.today) if each.id == unit.id)
    as_reported = looked.found is None or looked.found == now.said.state
    made = SpotCheck(unit_id=unit.id, sample_id=looked.sample_id, checked_on=looked.checked_on, user_id=user.id)
    made.as_reported, made.reported, made.note = as_reported, now.said.as_json(), looked.note or None
    made.found = None if as_reported else looked.found
    if looked.photo is not None:
        data = BytesIO(read_image(looked.photo).large)
        made.photo_sha256 = files.store_file(session, user, folder, data, "check.jpg", limit_bytes=MOST_BYTES).sha256
    session.add(made)
    _verify(session, user, now, made, clock.today)
    session.flush()
    return made


def draw_sample(
    session: Session, user: User, mine: ColumnElement[bool], area: Area | None, margin: float, clock: Clock
) -> AuditSample:
    """Draw units of an area at random, as many as tell a share to within `margin`.

    Raises
    ------
    BadParameterError
        The margin is none of `MARGINS`, or there are no units.
    """
    if margin not in MARGINS:
        raise BadParameterError("margin", str(margin), ", ".join(map(str, MARGINS)))
    here = [mine, *OWING]
    if area is not None:
        here.append(func.ST_Covers(area.geom, func.ST_PointOnSurface(Building.geom)))
    chosen = select(Unit.id).join(Building, Building.id == Unit.building_id).where(*here)
    unit_ids = session.scalars(chosen.where(Unit.withdrawn_at.is_(None), func.upper_inf(Unit.valid))).all()
    if not unit_ids:
        raise BadParameterError("area", area.name if area else "", "an area with units")
    seed = secrets.randbelow(2**31)
    made = AuditSample(area_id=area.id if area else None, drawn_on=clock.today, seed=seed, user_id=user.id)
    made.population = len(unit_ids)
    made.unit_ids = draw(unit_ids, sample_size(len(unit_ids), margin), seed)
    session.add(made)
    session.flush()
    return made


def sample_report(session: Session, sample: AuditSample) -> SampleReport:
    """A sample as far as it was looked at."""
    checks = {check.unit_id: check for check in session.scalars(_checks_of(sample))}
    chosen = (
        select(Unit, Building, Floor.label)
        .join(Building, Building.id == Unit.building_id)
        .outerjoin(Floor, Floor.id == Unit.floor_id)
        .where(Unit.id.in_(sample.unit_ids))
        .order_by(Building.name, Floor.position.desc().nulls_last(), Unit.label)
    )
    units = [
        SampledUnit(unit, building, floor or "", checks.get(unit.id))
        for unit, building, floor in session.execute(chosen)
    ]
    wrong = sum(not check.as_reported for check in checks.values())
    area = session.get(Area, sample.area_id) if sample.area_id else None
    return SampleReport(sample, area, units, wilson(wrong, len(checks)) if checks else None)


def latest_samples(session: Session, within: ColumnElement[bool]) -> Sequence[AuditSample]:
    """The last samples all of whose units stand in buildings for which the condition holds."""
    chosen = select(AuditSample).where(_all_within(within))
    return session.scalars(chosen.order_by(AuditSample.id.desc()).limit(20)).all()


def find_sample(session: Session, number: int, within: ColumnElement[bool]) -> AuditSample:
    """The sample of a number, if all its units stand in buildings for which the condition holds.

    Raises
    ------
    NotFoundError
        There is none.
    """
    own = select(AuditSample).where(AuditSample.id == number, _all_within(within))
    found = session.scalar(own) if number < 2**63 else None
    if found is None:
        raise NotFoundError(f"There is no sample {number}.")
    return found


def _all_within(within: ColumnElement[bool]) -> ColumnElement[bool]:
    """What was seen of a unit is for those who may review its building, and a sample speaks of all its units."""
    others = select(Unit.id).join(Building, Building.id == Unit.building_id)
    return ~others.where(Unit.id == any_(AuditSample.unit_ids), not_(within)).correlate(AuditSample).exists()


def checks_of(session: Session, building: Building) -> Sequence[SpotCheck]:
    """The last checks in a building."""
    mine = select(SpotCheck).join(Unit, Unit.id == SpotCheck.unit_id).where(Unit.building_id == building.id)
    return session.scalars(mine.order_by(SpotCheck.id.desc()).limit(50)).all()


def _check(looked: Looked, today: date) -> None:
    if looked.checked_on > today:
        raise BadParameterError("checked_on", str(looked.checked_on), f"{today} or a day before")
    if looked.found is not None and looked.found not in STATES:
        raise BadParameterError("found", looked.found[:20], ", ".join(STATES))
    if looked.note and len(looked.note) > NOTE_LENGTH:
        raise BadParameterError("note", looked.note[:20], f"at most {NOTE_LENGTH} characters")


def _verify(session: Session, user: User, now: UnitNow, made: SpotCheck, today: date) -> None:
    by = Author(_source(session).id, user.id)
    on = max(made.checked_on, now.since) if now.since else made.checked_on
    if made.found or not now.seen:
        said = Said(made.found or now.said.state)
        changed: dict[str, Any] = {"occupancy": said.occupancy, "contract": said.contract}
        change_unit(session, now.id, changed, on=on, by=by, today=today)
    verify_units(session, [now.id], on=on, by=by, today=today, how=SOURCE_NAME)


def _source(session: Session) -> Source:
    row = {"name": SOURCE_NAME, "name_en": "Spot check", "secrecy": "public", "publishable": True}
    row |= {"attribution": SOURCE_NAME, "attribution_en": "Spot checks by staff"}
    session.execute(insert(Source).values(row).on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(select(Source).where(Source.name == SOURCE_NAME)).one()


def _checks_of(sample: AuditSample) -> Any:
    """The last check of each unit for a sample."""
    return select(SpotCheck).where(SpotCheck.sample_id == sample.id).order_by(SpotCheck.id)
