"""LouMap on the web: what people do with what is true of the district. `create_app` puts it together."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from webmap import (
    admission,
    assets,
    audit_voice,
    cards,
    cluster_permutations,
    compression,
    copies,
    db,
    errors,
    health,
    locale,
    looking_back,
    metrics,
    name_index,
    names,
    numbers,
    papers,
    permissions,
    published,
    reads,
    resident_files,
    security,
    tile_path,
    translations,
    walking,
    words,
)
from webmap.config import Settings, read_settings

CAPABILITIES = (
    "map",
    "match",
    "clusters",
    "indicators",
    "cockpit",
    "reports",
    "buildings",
    "shortlist",
    "pictures",
    "inquiries",
    "follow",
    "onebox",
    "about",
    "crawling",
    "share",
    "auth",
    "site",
    "vacancy",
    "editing",
    "figures",
    "imports",
    "exports",
    "api",
    "ogc",
    "quality",
    "watch",
    "audit",
)
"""Each has its routes in `webmap/<name>/routes.py`, as `blueprint`; `init_app(app)` there is called as well."""

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def create_app(settings: Settings | None = None, database: db.Database | None = None) -> Flask:
    """The web application; settings are read from the environment and the database is opened unless given.

    Raises
    ------
    BadSettingError
        A setting is not understood.
    DatabaseServerError
        The private database server does not start.
    """
    settings = settings or read_settings()
    app = Flask("webmap", static_folder=None, template_folder=str(TEMPLATES))
    app.extensions["loumap_settings"] = settings
    app.extensions.setdefault("loumap_user_loader", lambda: None)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    tile_path.init_app(app)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, trusted, trusted, trusted)  # type: ignore[method-assign]  # Flask's way
    metrics.init_app(app)
    admission.init_app(app)
    compression.init_app(app)
    db.init_app(app, database or db.connect(settings))
    security.init_app(app, settings)
    errors.init_app(app)
    assets.init_app(app)
    app.register_blueprint(health.blueprint)
    published.init_app(app, settings.data / "published")
    name_index.init_app(app)
    resident_files.init_app(app)
    walking.init_app(app)
    cluster_permutations.init_app(app)
    cards.init_app(app)
    papers.init_app(app)
    looking_back.init_app(app)
    reads.init_app(app)
    _register_capabilities(app)
    audit_voice.init_app(app)
    locale.init_app(app)
    translations.init_app(app)
    names.add_filters(app)
    numbers.add_filters(app)
    words.add_filters(app)
    app.context_processor(_page_context)
    return app


def _register_capabilities(app: Flask) -> None:
    for name in CAPABILITIES:
        if find_spec(f"webmap.{name}") and find_spec(f"webmap.{name}.routes"):
            routes = import_module(f"webmap.{name}.routes")
            app.register_blueprint(routes.blueprint)
            if hasattr(routes, "init_app"):
                routes.init_app(app)


def _page_context() -> dict[str, Any]:
    """What every page shows around its own content."""
    return {
        "site": current_app.extensions["loumap_settings"],
        "address": locale.address,
        "language": locale.language().tag,
        "languages": locale.page_languages(),
        "canonical_url": locale.canonical_url(),
        "user": permissions.current_user(),
        "may": lambda action, thing=None: permissions.may(permissions.current_user(), action, thing),
        "may_somewhere": lambda action: permissions.may_somewhere(permissions.current_user(), action),
        "copy": copies.current_copy(),
        "has_endpoint": lambda name: name in current_app.view_functions,
    }
