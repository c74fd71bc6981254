"""Stops the embedded database when the last process that used it is gone, even by `kill -9`.

Started by `cluster.py` as a script of its own (standard library only, so that it stays small), in the background.
Every user of the database holds a shared lock on `users.lock`, which the kernel drops with the process; this
one sleeps until it could hold that lock alone. One watcher per cluster: it holds `watch.lock`.
"""

import fcntl
import os
import pwd
import subprocess
import sys


def main(folder: str, pg_ctl: str, account: str) -> None:
    """Go to the background and stop the cluster in `folder` once nobody uses it."""
    watch, users, start = (os.open(f"{folder}/{name}.lock", os.O_RDWR) for name in ("watch", "users", "start"))
    if not _taken(watch) or os.fork():
        os._exit(0)
    os.chdir("/")
    while True:
        # Waiting costs nothing; the lock is let go at once, because a starter asks for it while it holds start.lock.
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(start, fcntl.LOCK_EX)
        if _taken(users):
            _stop(folder, pg_ctl, account)
            os.close(watch)  # before start.lock: the next starter must be able to start a watcher of its own
            os._exit(0)
        fcntl.flock(start, fcntl.LOCK_UN)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(folder: str, pg_ctl: str, account: str) -> None:
    """Stop the server if it still runs; pg_ctl does nothing otherwise."""
    command = [pg_ctl, "stop", "-s", "-w", "-m", "fast", "-D", f"{folder}/cluster"]
    nothing = subprocess.DEVNULL
    if account:
        os.setgroups([])
        os.setgid(pwd.getpwnam(account).pw_gid)
        os.setuid(pwd.getpwnam(account).pw_uid)
    subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, check=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
