"""Makes the embedded cluster: once, and complete or not at all."""

import os
import shutil
from pathlib import Path

from webmap.database_logins import EXTENSIONS, LOGINS
from webmap.embedded.programs import Programs

SETTINGS_FILE = "loumap.conf"


def create_cluster(cluster: Path, programs: Programs, settings: str, *, durable: bool) -> None:
    """Make a cluster with the four logins, the extensions in `template1` and the database `loumap`.

    It is made beside its place and moved there when complete, so that an interrupted start leaves only what the next
    one clears away.
    """
    unfinished = cluster.with_name("cluster.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    # With the locale C PostgreSQL finds no letters in Chinese text, and its trigram search nothing at all.
    options = ["-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    options.append("--data-checksums" if durable else "--no-sync")
    programs.run_or_raise("Creating the database cluster", "initdb", "-D", unfinished, *options)
    (unfinished / "pg_hba.conf").write_text("# The socket lies in a private folder.\nlocal all all trust\n")
    (unfinished / SETTINGS_FILE).write_text(settings)
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write(f"\ninclude = '{SETTINGS_FILE}'\n")
    if programs.account:
        shutil.chown(unfinished / SETTINGS_FILE, programs.account)
    single_user: list[str | Path] = ["--single", "-D", unfinished, "-c", "logging_collector=off", "template1"]
    programs.run_or_raise("Creating logins and extensions", "postgres", *single_user, text=_first_statements())
    os.rename(unfinished, cluster)


def _first_statements() -> str:
    """Give the statements of the new cluster, one a line, as PostgreSQL's single-user mode reads them."""
    lines = [f"CREATE ROLE {login} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS" for login in LOGINS]
    lines += ["ALTER ROLE loumap_public SET default_transaction_read_only = on"]
    lines += [f"CREATE EXTENSION {extension}" for extension in EXTENSIONS]
    lines += ["CREATE DATABASE loumap OWNER loumap_owner"]
    return "".join(f"{line};\n" for line in lines)
