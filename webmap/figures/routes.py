"""Pages of figures: the list, entering one, and one with everything that was ever said of it."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import EditConflictError, FigureRefusedError
from geo.figures import FigureEntry, Period, enter_figure, withdraw
from geo.figures.places import place_of
from geo.history import Author
from webmap import db
from webmap.config import current_settings
from webmap.figures import file_routes, operations, publish_routes, target_routes, wording
from webmap.figures.forms import Form, choices, read_figure, read_said, refused, usual
from webmap.figures.rights import kinds_for, may_enter, thing_of
from webmap.permissions import ENTER_FIGURES, check, current_user, needs

blueprint = Blueprint("figures", __name__)

SEE = "see_staff_values"


@blueprint.get("/desk/figures")
@needs(SEE, somewhere=True)
def index() -> str:
    """The figures that the account may see, found by name, kind and period."""
    rows = operations.list_figures(db.session(), current_user(), request.args)
    return _page("index.html", rows=rows[: operations.SHOWN], more=len(rows) > operations.SHOWN, asked=request.args)


@blueprint.get("/desk/figures/new")
@needs(ENTER_FIGURES, somewhere=True)
def blank() -> str:
    """An empty form; what the address names is filled in."""
    year = current_settings().today().year - 1
    kinds = kinds_for(current_user())
    typed = usual(kinds[0] if kinds else None, Period.year(year)) | request.args.to_dict()
    return _form(Form(typed))


@blueprint.post("/desk/figures/new")
@needs(ENTER_FIGURES, somewhere=True)
def enter() -> AnyResponse | tuple[str, int]:
    """Enter a figure, or say what is wrong with it."""
    form = Form(request.form)
    entry = read_figure(db.session(), current_user(), form)
    if entry is None or not _entered(form, entry):
        return _form(form), 422
    flash(gettext("已保存。"))
    if form.text("again"):
        kept = ("indicator", "place_kind", "period", "scope", "basis", "one_off", "attribution", "unit", "source")
        return redirect(url_for(".blank", **{name: form.text(name) for name in kept}), 303)
    return redirect(url_for(".index"), 303)


@blueprint.get("/desk/figures/<code>")
@needs(SEE, somewhere=True)
def show(code: str) -> str:
    """A figure with everything that its source ever said of it."""
    found = operations.find_figure(db.session(), current_user(), code)
    return _shown(found, Form(wording.as_typed(found.figure, found.kind, found.source.name) | {"note": ""}))


@blueprint.post("/desk/figures/<code>")
@needs(ENTER_FIGURES, somewhere=True)
def correct(code: str) -> AnyResponse | tuple[str, int]:
    """Correct a figure; what was said before stays to be read."""
    found = _in_hand(code)
    form = Form({**request.form, "source": found.source.name})
    said = read_said(form, found.kind)
    place, ident = place_of(found.figure)
    if said is not None:
        entry = FigureEntry(
            indicator=found.kind.code, place=place, place_id=ident, period=found.period, counted=found.counted,
            **said,  # type: ignore[arg-type]  # read by name
        )  # fmt: skip
        if _entered(form, entry, found.source.id, code):
            flash(gettext("已更正，原来的数值保留在下方。"))
            return redirect(url_for(".show", code=_now(found)), 303)
    if "clash" in form.wrong:
        return _shown(operations.find_figure(db.session(), current_user(), _now(found)), form), 409
    return _shown(found, form), 422


@blueprint.post("/desk/figures/<code>/withdraw")
@needs(ENTER_FIGURES, somewhere=True)
def take_back(code: str) -> AnyResponse:
    """Take a figure back that was entered by mistake."""
    found = _in_hand(code)
    withdraw(db.session(), found.figure, _user_id())
    flash(gettext("已撤回；填写过的内容仍可查阅。"))
    return redirect(url_for(".show", code=code), 303)


def init_app(app: Flask) -> None:
    """Register the pages of files, targets and publishing, and how values are written."""
    for pages in (file_routes, target_routes, publish_routes):
        app.register_blueprint(pages.blueprint)
    for function in (wording.figure_value, wording.labelled, wording.plain_number):
        app.add_template_filter(function)


def _entered(form: Form, entry: FigureEntry, source_id: int | None = None, seen: str | None = "") -> bool:
    """Enter what a form says; False where it was refused, which the form then says."""
    source_id = source_id or operations.entering_source(db.session(), form.text("source")).id
    try:
        author = Author(source_id, _user_id())
        enter_figure(db.session(), entry, author, current_settings().today(), seen=seen)
    except FigureRefusedError as error:
        refused(form, entry, error)
    except EditConflictError:
        form.wrong["clash"] = gettext("别人刚刚更正过，请看过最新的数值再填写。")
    return not form.wrong


def _in_hand(code: str) -> operations.FigureRow:
    """A figure that the account may enter; raises as `check` does."""
    found = operations.find_figure(db.session(), current_user(), code)
    if not may_enter(db.session(), current_user(), found.kind, found.place):
        check(wording.action_of(found.kind), thing_of(db.session(), found.place))
    return found


def _now(found: operations.FigureRow) -> str:
    """The code under which a figure stands now."""
    return str(operations.told_of(db.session(), found.figure)[0].row.code)


def _user_id() -> int | None:
    user = current_user()
    return user.id if user else None


def _form(form: Form) -> str:
    names = operations.source_names(db.session(), current_user())
    return _page("new.html", form=form, source_names=names, **choices() | {"kinds": kinds_for(current_user())})


def _shown(found: operations.FigureRow, form: Form) -> str:
    told = operations.told_of(db.session(), found.figure)
    mine = may_enter(db.session(), current_user(), found.kind, found.place)
    return _page("figure.html", found=found, told=told, form=form, mine=mine, counted_of=operations.counted_of)


def _page(template: str, **context: Any) -> str:
    return render_template(
        f"figures/{template}", here="desk", locale=wording.locale_tag(), may_enter=bool(kinds_for(current_user())),
        all_kinds=choices()["kinds"], **context,
    )  # fmt: skip
