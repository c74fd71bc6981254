"""Loads the dump of a backup into a database: everything of ours is replaced, counted and kept, or nothing is.

`pg_restore` turns the dump into statements and `psql` carries them out; between the two we add our own, so that all of
it is one transaction that ends with the rows of every table compared.
"""

import json
import subprocess
import tempfile
import threading
import zipfile
from contextlib import suppress
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from webmap.backup.archive import DUMP, Manifest
from webmap.backup.errors import RestoreFailedError
from webmap.backup.programs import environment, program
from webmap.backup.snapshot import connected
from webmap.config import Settings
from webmap.database_logins import OWNER
from webmap.db import database_url

_HERE = Path(__file__).parent
_UNPACK = ("--no-owner", "--no-acl", "--schema=public", "--file=-")
_BLOCK = 1 << 20
_COUNTED = """
DO $counted$
DECLARE
    wanted record;
    found bigint;
BEGIN
    FOR wanted IN SELECT key AS relation, value::bigint AS rows FROM json_each_text($rows${rows}$rows$) LOOP
        EXECUTE format('SELECT count(*) FROM public.%I', wanted.relation) INTO found;
        IF found <> wanted.rows THEN
            RAISE EXCEPTION '% has % rows, the backup had %', wanted.relation, found, wanted.rows;
        END IF;
    END LOOP;
END
$counted$;
"""


def load(settings: Settings, backup: zipfile.ZipFile, manifest: Manifest) -> None:
    """Replace what the database of the settings holds by what the backup holds, in one transaction.

    Raises
    ------
    RestoreFailedError
        A statement failed or a table has other rows than it should; the database is as it was.
    """
    with connected(settings) as connection:
        server = connection.info.server_version // 10000
    where = environment(database_url(settings, OWNER))
    unpack = [program("pg_restore", max(server, manifest.server)), *_UNPACK]
    carry_out = [program("psql", server), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(carry_out, env=where, stdin=pipe, stdout=nothing, stderr=said) as carrying,
        subprocess.Popen(unpack, env=where, stdin=pipe, stdout=pipe, stderr=said) as unpacking,
    ):
        feeding = threading.Thread(target=_feed, args=(backup, unpacking.stdin), daemon=True)
        feeding.start()
        try:
            committed = _carry_out(carrying, unpacking, manifest)
        finally:
            unpacking.kill()
            feeding.join()
        if carrying.wait() or not committed:
            said.seek(0)
            problem = said.read().decode(errors="replace").strip()[:2000]
            raise RestoreFailedError(f"The backup could not be loaded; the database is as it was.\n{problem}")


def _feed(backup: zipfile.ZipFile, target: IO[bytes]) -> None:
    """Give the dump to pg_restore, as far as it wants it."""
    with suppress(BrokenPipeError), target, backup.open(DUMP) as dump:
        copyfileobj(dump, target, _BLOCK)


def _carry_out(carrying: subprocess.Popen[bytes], unpacking: subprocess.Popen[bytes], manifest: Manifest) -> bool:
    """Have all statements carried out; whether the last one, which keeps what they did, was reached."""
    assert carrying.stdin is not None and unpacking.stdout is not None
    rows = json.dumps(manifest.tables)
    try:
        with carrying.stdin as statements:
            statements.write(b"BEGIN;\n" + (_HERE / "clear.sql").read_bytes())
            copyfileobj(unpacking.stdout, statements, _BLOCK)
            if unpacking.wait():
                return False
            last = _COUNTED.replace("{rows}", rows) + (_HERE / "settle.sql").read_text("utf-8") + "COMMIT;\n"
            statements.write(last.encode())
    except BrokenPipeError:  # an error made psql stop; it says which
        return False
    return True
