"""The application as a web server loads it, once in every worker process."""

from webmap import create_app
from webmap.freshness import keep_fresh

app = create_app()
keep_fresh(app)
