"""nginx on loopback as a process of our own, with the configuration that LouMap ships or with one for plain files."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.processes import ROOT, free_port, running

_MAIN = """
{user}
daemon off;
worker_processes {workers};
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
{body}
}}
"""
_KEPT_OPEN = "    open_file_cache max=100000;\n"
"""What is read again and again stays open: of plain files and of the cache alike, since it spares both an `open`."""

_FILES = """
    server {{
        listen 127.0.0.1:{port};
        access_log off;
        sendfile on;
        tcp_nopush off;
        root {root};
        types {{ }}
        default_type application/vnd.mapbox-vector-tile;
        add_header Content-Encoding gzip;
        add_header Cache-Control "public, max-age=31536000, immutable";
    }}
"""


def is_here() -> bool:
    """Whether nginx is installed."""
    return _program() is not None


@contextmanager
def shipped(folder: Path, upstream: str, *, workers: int) -> Iterator[tuple[str, int]]:
    """`deploy/nginx.conf` before the server at `upstream` (host:port), with its cache in `folder`; address and pid."""
    port = free_port()
    body = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, here in {
        "/var/cache/nginx/loumap": f"{folder}/cache",
        "/var/log/nginx/loumap.log": f"{folder}/access.log",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen [::]:80;": "",
        "127.0.0.1:8000": upstream,
    }.items():
        assert ours in body, f"deploy/nginx.conf has no {ours!r}"
        body = body.replace(ours, here)
    with _nginx(folder, _KEPT_OPEN + body, f"http://127.0.0.1:{port}/healthz", workers) as pid:
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def files(folder: Path, root: Path, *, workers: int, known: str, kept_open: bool = True) -> Iterator[tuple[str, int]]:
    """The gzipped files below `root` with a tile's headers, one of which is `known`; address and pid.

    Without `kept_open` each is opened for each request, as nginx does unless it is told otherwise.
    """
    port = free_port()
    body = (_KEPT_OPEN if kept_open else "") + _FILES.format(port=port, root=root)
    with _nginx(folder, body, f"http://127.0.0.1:{port}{known}", workers) as pid:
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def _nginx(folder: Path, body: str, answers_at: str, workers: int) -> Iterator[int]:
    folder.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, body=body, user=user, workers=workers))
    program = _program()
    assert program is not None
    with running([program, "-p", str(folder), "-c", str(main), "-e", "stderr"], answers_at) as pid:
        yield pid


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
