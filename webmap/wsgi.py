"""The application as a web server loads it, once in every worker process."""

import gc
from functools import partial
from multiprocessing.util import Finalize

from webmap import create_app, db
from webmap.freshness import keep_fresh

app = create_app()
# What is loaded stays. Looking through all of it for what nobody needs would now and then hold up readers for 0.1 s.
gc.collect()
gc.freeze()
# Not atexit, which a forked worker process does not honour; this does both.
Finalize(None, app.extensions["loumap_reads"].close, exitpriority=1)
keep_fresh(app, revive=partial(db.revive, app.extensions["loumap_settings"]))
