"""What the worker does about imports: large uploads."""

from procrastinate import JobContext

from webmap.imports import uploads
from webmap.imports.models import ImportUpload
from webmap.jobs import tasks, work_of


@tasks.task(name="advance_upload", pass_context=True, lock="imports")
def advance_upload(context: JobContext, upload_id: int) -> None:
    """Check or import an uploaded file, whichever it waits for."""
    work = work_of(context)
    with work.transaction() as session:
        uploads.advance(session, work.settings, session.get_one(ImportUpload, upload_id))
