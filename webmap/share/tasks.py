"""What the worker does about links: erases selections after their link has ended, keeps frozen pages at hand."""

from procrastinate import JobContext

from webmap.jobs import app_of, tasks, work_of
from webmap.share import operations, selections

KEPT_DAYS = 90
KEPT_READY = 30
"""Frozen links whose state is at hand, the newest; more are made when they are opened."""


@tasks.periodic(cron="41 3 * * *")
@tasks.task(name="prune_selections", pass_context=True, queueing_lock="prune_selections")
def prune_selections(context: JobContext, timestamp: int) -> None:
    """Every night: erase selections whose link ended three months ago, and wrong passcodes of yesterday."""
    with work_of(context).transaction() as session:
        selections.prune(session, KEPT_DAYS)


@tasks.periodic(cron="17 * * * *")
@tasks.task(name="keep_frozen_ready", pass_context=True, queueing_lock="keep_frozen_ready")
def keep_frozen_ready(context: JobContext, timestamp: int) -> None:
    """Every hour, in a city so large that readers would wait: make or bring up to date the states of frozen links."""
    from webmap.published import published  # noqa: PLC0415 - the web application imports what imports the jobs

    work = work_of(context)
    today = work.settings.today()
    with app_of(context).app_context():
        pasts = published().states.pasts
        if not pasts.takes_long(today):
            return
        with work.transaction() as session:
            moments = operations.frozen_to(session, KEPT_READY)
        for moment in moments:
            pasts.prepare(today, moment)
