"""What is computed from the facts and stored beside them: distances to amenities, industry clusters.

After an import it is made anew by a job: `enqueue(session, "compute_derived", lock="compute_derived")`.
"""

from datetime import date

from procrastinate import JobContext
from sqlalchemy.orm import Session

from geo.access import store_distances
from geo.clusters import store_clusters
from webmap.jobs import tasks, work_of


def compute(session: Session, today: date) -> None:
    """Compute everything anew from the facts that the session sees."""
    store_distances(session)
    store_clusters(session, today)


@tasks.task(name="compute_derived", pass_context=True, lock="compute_derived")
def compute_derived(context: JobContext) -> None:
    """Compute everything anew after the facts have changed."""
    work = work_of(context)
    with work.transaction() as session:
        compute(session, work.settings.today())
