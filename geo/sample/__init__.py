"""An invented city around an invented business district, of any size, for trying LouMap out and for measuring it.

Nothing in it exists: places, companies, people and figures are drawn from `data/sample` and a seed, and the source that
all rows carry says so. The district stays the same whatever the size; a larger city grows around it.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from geo.change_triggers import rows_noted_once
from geo.errors import SampleExistsError
from geo.indexes import BULK_ROWS, indexes_after
from geo.model import Source
from geo.sample.batches import Batch
from geo.sample.industries import PlantedCluster
from geo.sample.load import Report, connection_of, first_free_id, load
from geo.sample.stream import GROWING, PUBLIC_SOURCE, SEED, TABLES, WEEKLY, generate, ground_truth

__all__ = ["SEED", "Batch", "PlantedCluster", "SampleSummary", "create_sample", "generate", "ground_truth"]


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was made: the rows of each table, and the industry clusters that were planted and can be looked for."""

    seed: int
    today: date
    rows: dict[str, int]
    clusters: tuple[PlantedCluster, ...]


def create_sample(
    session: Session,
    *,
    buildings: int = 2000,
    seed: int = SEED,
    today: date | None = None,
    progress: Report | None = None,
) -> SampleSummary:
    """Fill the database with the invented city; not committed here.

    Parameters
    ----------
    session : Session
        Of a login that may insert; one that owns the tables loads large cities faster.
    buildings : int
        How many buildings the city has altogether, the 36 office towers among them.
    seed : int
        The same seed and day give the same city to the byte.
    today : date
        The present day of the sample; that of Asia/Shanghai when left out.
    progress : callable
        Called with (table, rows so far, rows per second) after each batch.

    Raises
    ------
    SampleExistsError
        The database holds a sample already.
    """
    if session.scalar(select(exists().where(Source.name == PUBLIC_SOURCE))):
        raise SampleExistsError
    today = today or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    connection = connection_of(session)
    batches = generate(buildings, seed, today, first_free_id(connection))
    bulk = nullcontext() if buildings * 4 < BULK_ROWS else indexes_after(connection, list(GROWING))
    with rows_noted_once(connection, list(WEEKLY)), bulk:
        rows = load(connection, batches, progress)
    for table in TABLES:
        session.execute(text(f"ANALYZE {table}"))
    return SampleSummary(seed, today, rows, ground_truth(buildings, seed))
