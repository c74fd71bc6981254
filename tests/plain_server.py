"""A plain server of files with ranges, as object stores and CDNs are: it knows no pages, only files."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, ClassVar

BYTES = "application/octet-stream"
TYPES = {".js": "text/javascript", ".z": BYTES, ".pmtiles": BYTES}


class _Files(SimpleHTTPRequestHandler):
    """Files and parts of files; an address that is none is answered with the folder's 404.html."""

    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def list_directory(self, path: str) -> BytesIO | None:  # type: ignore[override]
        """Folders are not shown."""
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def send_head(self) -> BytesIO | BinaryIO | None:
        """The file that is asked for, or the part of it that the header `Range` names."""
        asked = self.headers.get("Range", "")
        path = Path(self.translate_path(self.path))
        if not asked.startswith("bytes=") or not path.is_file():
            return super().send_head()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        data = path.read_bytes()
        start, end = int(first), min(int(last) if last else len(data) - 1, len(data) - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        return BytesIO(data[start : end + 1])

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Errors are the folder's own page."""
        page = Path(self.directory, "404.html")
        body = page.read_bytes() if page.is_file() else b""
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
