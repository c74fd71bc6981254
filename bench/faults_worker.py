"""The drill of the worker: killed again and again while it sends mail, tells followers and imports a file."""

import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from io import BytesIO
from typing import Any

from harness.sites import Site, site
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.smtp import MailServer, mail_server
from webmap import files
from webmap.database_setup import opened as opened_database
from webmap.follow.models import Alert
from webmap.imports.models import ImportUpload
from webmap.jobs import enqueue
from webmap.mail import send

MAILS, FOLLOWERS, ROWS = 300, 40, 30_000
COME = """
    UPDATE units SET public_status = 'vacant' WHERE id IN (
        SELECT id FROM units WHERE public_status = 'in_use' ORDER BY id LIMIT 5)"""
IMPORTED = """
    SELECT count(DISTINCT source_key), count(*) FROM amenities
    WHERE name LIKE '演练点 %' AND withdrawn_at IS NULL"""
LIVES_S = (2.0, 5.0, 8.0, 3.0)
"""How long the worker lives before it is killed, from the moment that it is started."""

PATIENCE_S = 300
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = ANY (%s)"
OURS = ["send_mail", "tell_news", "advance_upload"]


def worker_killed() -> dict[str, Any]:
    """Give the worker work, kill it, and count what came of the work in the end."""
    with mail_server() as post, site("faults-worker", LOUMAP_SMTP_URL=post.url) as place:
        _give_work(place)
        for life in LIVES_S:
            place.work()
            time.sleep(life)
            place.kill_worker()
        place.work()
        began, left = time.monotonic(), 1
        while left and time.monotonic() < began + PATIENCE_S:
            time.sleep(2)
            with place.connected() as connection:
                [left] = connection.execute(LEFT, [OURS]).fetchone() or [0]
        return {**_compared(place, post), "jobs_left": left, "killed": len(LIVES_S), "last_s": time.monotonic() - began}


def _give_work(place: Site) -> None:
    points = [{"type": "Point", "coordinates": [121.4 + n % 200 / 1000, 31.2 + n // 200 / 1000]} for n in range(ROWS)]
    rows = [
        {"type": "Feature", "geometry": point, "properties": {"id": f"d{n}", "name": f"演练点 {n}", "category": "cafe"}}
        for n, point in enumerate(points)
    ]
    data = BytesIO(json.dumps({"type": "FeatureCollection", "features": rows}).encode())
    with opened_database(place.settings) as engine, Session(engine) as session, session.begin():
        file = files.store_file(session, None, place.folder / "files", data, "drill.geojson", limit_bytes=1 << 30)
        options = {"kind": "amenities", "source": {}, "mapping": {}, "constants": {}, "locale": "en"}
        options |= {"crs": "wgs84", "encoding": None, "layer": None}
        upload = ImportUpload(file_sha256=file.sha256, file_name=file.name, options=options, state="importing")
        session.add(upload)
        session.flush()
        enqueue(session, "advance_upload", lock="imports", upload_id=upload.id)
        for number in range(MAILS):
            send(session, f"m{number}@example.com", f"drill {number}", "…")
        _follow(session)
        enqueue(session, "tell_news", timestamp=0)


def _follow(session: Session) -> None:
    """People who follow all units on the market, and units that have just come onto it."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for number in range(FOLLOWERS):
        followed = {"email": f"f{number}@example.com", "query": "", "language": "zh"}
        session.add(Alert(**followed, confirmed_at=yesterday, told_until=yesterday))
    session.execute(text(COME))


def _compared(place: Site, post: MailServer) -> dict[str, Any]:
    """What came out of the post and what the database holds beside what was asked for."""
    messages = [message_from_bytes(raw) for raw in post.messages]
    to = Counter(str(message["To"]) for message in messages)
    asked = {f"m{n}@example.com" for n in range(MAILS)} | {f"f{n}@example.com" for n in range(FOLLOWERS)}
    with place.connected() as connection:
        state = connection.execute("SELECT state, error FROM import_uploads").fetchone()
        places = connection.execute(IMPORTED).fetchone() or (0, 0)
        runs = connection.execute("SELECT count(*) FROM import_runs WHERE file_name = 'drill.geojson'").fetchone()
    return {
        "mails_asked": len(asked),
        "mails_lost": len(asked - to.keys()),
        "mails_doubled": sum(times - 1 for times in to.values()),
        "mails_doubled_without_their_number": len(messages)
        - len({message["Message-ID"] for message in messages})
        - sum(times - 1 for times in to.values()),
        "import": state,
        "rows_lost": ROWS - places[0],
        "rows_doubled": places[1] - places[0],
        "import_runs": (runs or [0])[0],
    }
