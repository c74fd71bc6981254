"""What the worker does about inquiries: erases those whose time is over."""

from procrastinate import JobContext

from webmap import asking
from webmap.jobs import tasks, work_of


@tasks.periodic(cron="23 3 * * *")
@tasks.task(name="prune_inquiries", pass_context=True, queueing_lock="prune_inquiries")
def prune_inquiries(context: JobContext, timestamp: int) -> None:
    """Every night: erase inquiries that are older than `LOUMAP_INQUIRY_DAYS`."""
    work = work_of(context)
    with work.transaction() as session:
        asking.prune(session, work.settings.inquiry_days)
