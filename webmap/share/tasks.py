"""What the worker does about links: erases selections some time after their link has ended."""

from procrastinate import JobContext

from webmap.jobs import tasks, work_of
from webmap.share import selections

KEPT_DAYS = 90


@tasks.periodic(cron="41 3 * * *")
@tasks.task(name="prune_selections", pass_context=True, queueing_lock="prune_selections")
def prune_selections(context: JobContext, timestamp: int) -> None:
    """Every night: erase selections whose link ended three months ago, and wrong passcodes of yesterday."""
    with work_of(context).transaction() as session:
        selections.prune(session, KEPT_DAYS)
