"""What happens by itself: what is over or old enough goes, units change with the day, dead workers' jobs go on."""

from datetime import UTC, datetime, timedelta

from procrastinate import JobContext
from sqlalchemy import text

from geo.history.present import write_due
from webmap import reads, report_links
from webmap.auth import operations as accounts
from webmap.jobs import tasks, work_of


@tasks.periodic(cron="7 * * * *")
@tasks.task(name="prune_accounts", pass_context=True, queueing_lock="prune_accounts")
def prune_accounts(context: JobContext, timestamp: int) -> None:
    """Every hour: delete sessions and links that are over and attempts that count no more."""
    with work_of(context).transaction() as session:
        accounts.prune(session)
        report_links.prune(session)


@tasks.periodic(cron="41 3 * * *")
@tasks.task(name="prune_audit", pass_context=True, queueing_lock="prune_audit")
def prune_audit(context: JobContext, timestamp: int) -> None:
    """Every night: take entries out of the audit that are older than the settings keep them."""
    work = work_of(context)
    until = datetime.now(UTC) - timedelta(days=work.settings.audit_days)
    with work.transaction() as session:
        session.execute(text("SELECT loumap_audit_prune(:until)"), {"until": until})


@tasks.periodic(cron="47 3 * * *")
@tasks.task(name="prune_reads", pass_context=True, queueing_lock="prune_reads")
def prune_reads(context: JobContext, timestamp: int) -> None:
    """Every night: forget counts of pages opened that nobody compares any more."""
    work = work_of(context)
    with work.transaction() as session:
        reads.prune(session, work.settings.today())


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
