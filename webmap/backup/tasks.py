"""What the worker does for backups: every night one is made and proved, and those that are over are deleted."""

import logging

from procrastinate import JobContext, RetryStrategy

from webmap.backup import checking, making
from webmap.jobs import tasks, work_of

_log = logging.getLogger(__name__)


@tasks.periodic(cron="41 18 * * *")  # 2:41 in China; workers count in UTC
@tasks.task(
    name="make_backup",
    pass_context=True,
    queueing_lock="make_backup",
    lock="make_backup",
    retry=RetryStrategy(max_attempts=3, wait=1800),
)
def make_backup(context: JobContext, timestamp: int) -> None:
    """Every night: make a backup, prove it, and only then delete those that the rule no longer keeps."""
    settings = work_of(context).settings
    if not settings.backup_days:
        return
    path = making.make_by_rule(settings)
    try:
        manifest = checking.check(settings, path)
    except Exception:
        path.rename(path.with_suffix(".failed"))  # to be looked at; it counts as no backup
        raise
    if manifest.lost:
        _log.error("%s stored files are missing or damaged; older backups may have them.", len(manifest.lost))
    making.prune(settings)
