"""The application as a web server loads it, once in every worker process."""

from functools import partial

from webmap import create_app, db
from webmap.freshness import keep_fresh

app = create_app()
keep_fresh(app, revive=partial(db.revive, app.extensions["loumap_settings"]))
