"""What the worker does for reports: it writes them, and tells how far it is."""

from procrastinate import JobContext

from webmap.jobs import app_of, tasks


@tasks.task(name="write_report", pass_context=True)
def write_report(context: JobContext, code: str, site: str) -> None:
    """Write a report that was asked for; one that is gone or written meanwhile is left."""
    from webmap.reports import operations  # noqa: PLC0415 - it adds jobs, which know their tasks

    with app_of(context).test_request_context("/", base_url=site):
        operations.write(code)
