"""Which processes belong to the embedded server, as the kernel tells."""

import time
from pathlib import Path


def server_runs(cluster: Path) -> bool:
    """Say whether the process of `postmaster.pid` works in our cluster: after a crash the number may be another's."""
    pid = _locked_by(cluster)
    return pid is not None and _works_in(cluster, Path(f"/proc/{pid}"))


def clear_dead_locks(cluster: Path, sockets: Path, patience_s: float) -> None:
    """Remove the lock files of a server that runs no more; call it only when `server_runs` says no.

    PostgreSQL goes by the process number alone and would not start when that number now belongs to another process of
    the same account, or to the killed server itself as long as its parent has not noticed. The files stay while
    sessions of the dead server live on, because they keep a second server from writing beside them.
    """
    deadline = time.monotonic() + patience_s
    while any(_works_in(cluster, process) for process in Path("/proc").glob("[0-9]*")):
        if time.monotonic() > deadline:
            return
        time.sleep(0.1)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _locked_by(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(cluster: Path, process: Path) -> bool:
    try:
        return (process / "comm").read_text() == "postgres\n" and (process / "cwd").samefile(cluster)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
