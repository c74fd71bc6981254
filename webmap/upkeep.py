"""What happens by itself: old sessions, attempts and links go, units change with the day, dead workers' jobs go on."""

from procrastinate import JobContext

from geo.history.present import write_due
from webmap import report_links
from webmap.auth import operations as accounts
from webmap.jobs import tasks, work_of


@tasks.periodic(cron="7 * * * *")
@tasks.task(name="prune_accounts", pass_context=True, queueing_lock="prune_accounts")
def prune_accounts(context: JobContext, timestamp: int) -> None:
    """Every hour: delete sessions and links that are over and attempts that count no more."""
    with work_of(context).transaction() as session:
        accounts.prune(session)
        report_links.prune(session)


@tasks.periodic(cron="11 * * * *")
@tasks.task(name="turn_the_day", pass_context=True, queueing_lock="turn_the_day")
def turn_the_day(context: JobContext, timestamp: int) -> None:
    """Every hour: bring units in line whose state or offer begins or ends with the day."""
    work = work_of(context)
    with work.transaction() as session:
        write_due(session, work.settings.today())


@tasks.periodic(cron="* * * * *")
@tasks.task(name="retry_stalled", pass_context=True, queueing_lock="retry_stalled", lock="retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Every minute: take up jobs again whose worker was killed."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
