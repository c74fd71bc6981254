"""The settings of the embedded server, written anew at every start."""

from pathlib import Path

_ALWAYS = {
    "listen_addresses": "''",
    "port": "5432",
    "max_connections": "200",  # up to 8 web processes of about 20 each, and the worker
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our short queries
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C.UTF-8'",
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgresql-%Y%m%d-%H%M%S.log'",
    "log_rotation_size": "10MB",
    "log_rotation_age": "0",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details quote the values of rows, which may be personal
    "log_line_prefix": "'%m [%p] %u@%d '",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Data that dies with a test run: nothing waits for the disk.
_PASSING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


def settings_text(sockets: Path, *, durable: bool) -> str:
    """Give the settings file of a server that listens in the folder `sockets` only."""
    # The value is a list of folders within a quoted string: both kinds of quotes are needed.
    folder = str(sockets).replace('"', '""').replace("'", "''")
    settings = {**_ALWAYS, **(_DURABLE if durable else _PASSING), "unix_socket_directories": f"'\"{folder}\"'"}
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
