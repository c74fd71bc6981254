"""A worker process as the web server loads it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import CloneMaker
from webmap.database_logins import LOGINS

ROOT = Path(__file__).parents[2]
LOOK = """
import gc, json
from webmap import wsgi
assert wsgi.app.test_client().get("/en/about").status_code == 200
print(json.dumps([gc.get_freeze_count(), len(gc.get_objects())]))
"""


def test_a_worker_does_not_look_through_all_it_has_loaded_again_and_again(
    clones: CloneMaker, clone: str, tmp_path: Path
) -> None:
    names = dict(zip(LOGINS, ("_OWNER", "", "_PUBLIC", "_JOBS"), strict=True))
    urls = {f"LOUMAP_DATABASE_URL{tail}": clones.server.dsn(login, clone) for login, tail in names.items()}
    environ = {**os.environ, **urls, "LOUMAP_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=environ, capture_output=True, check=True)
    set_aside, looked_through = json.loads(done.stdout)
    assert looked_through < set_aside / 5
