"""What the worker does for brochures: it writes them as the page would, in the language of whoever asked."""

from procrastinate import JobContext

from geo.errors import NotFoundError
from webmap.jobs import app_of, tasks
from webmap.locale import LANGUAGES


@tasks.task(name="write_paper", pass_context=True)
def write_paper(
    context: JobContext,
    kind: str,
    code: str,
    form: str,
    language: str,
    site: str,
    path: str,
    **moment: str,
) -> None:
    """Write a paper into the folder where the page waits for it; what is gone meanwhile is left.

    `moment` is what the paper looks back to, as pages take it: `as_of` and `known_at`.
    """
    from webmap import papers  # noqa: PLC0415 - it adds jobs, which know their tasks
    from webmap.cards import files  # noqa: PLC0415
    from webmap.looking_back import look_back  # noqa: PLC0415

    prefix = next((each.prefix for each in LANGUAGES if each.tag == language), "")
    app = app_of(context)
    with app.test_request_context(f"/{prefix}/" if prefix else "/", base_url=site):
        place = files().path("", ".pdf").with_name(path)
        try:
            look_back(moment)
            papers.write(kind, code, form, place)
        except NotFoundError:
            place.with_suffix(".asked").unlink(missing_ok=True)
