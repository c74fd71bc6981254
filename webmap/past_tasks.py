"""What the worker does about the past: it makes the state of a moment before anybody has to wait for it."""

from procrastinate import JobContext

from webmap.jobs import app_of, tasks, work_of


@tasks.task(name="prepare_past", pass_context=True)
def prepare_past(context: JobContext, as_of: str, known_at: str) -> None:
    """Have the state of a moment on disk and up to date, where the city is so large that readers would wait for it."""
    from webmap.moments import read_moment  # noqa: PLC0415 - the web application imports what imports the jobs
    from webmap.published import published  # noqa: PLC0415

    settings = work_of(context).settings
    with app_of(context).app_context():
        moment = read_moment(as_of, known_at, settings)
        pasts = published().states.pasts
        if moment and pasts.takes_long(settings.today()):
            pasts.prepare(settings.today(), moment)
