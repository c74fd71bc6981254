"""What the worker does for accounts: looks up who forgot a password, and mails a link."""

from procrastinate import JobContext

from webmap.auth import resets
from webmap.jobs import tasks, work_of


@tasks.task(name="send_reset_links", pass_context=True)
def send_reset_links(context: JobContext, asked: str, language: str) -> None:
    """Mail a link to each account of this name or address of mail; nothing, if there is none."""
    work = work_of(context)
    with work.transaction() as session:
        resets.send_links(session, work.settings, asked, language)
