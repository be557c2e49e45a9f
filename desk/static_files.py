"""The files that pages load: kept in memory, compressed, at addresses that change with them.

An address names what all files hold together, so browsers keep what they have for good, and a page
opens without asking for any of its seventy modules again; an upgrade changes the addresses.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath

from aiohttp import web
from aiohttp.hdrs import ACCEPT_ENCODING

FOLDER = Path(__file__).parent / "static"
IMPORTED = re.compile(r"""^(?:import|export)\b(?:[^"';]*\bfrom)?\s*"(\.[^"]+)\"""", re.MULTILINE)
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, and how it goes out."""

    body: bytes
    compressed: bytes
    content_type: str


class StaticFiles:
    """All files of the folder, by their path in it."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        held = sha256()
        for name, file in self._files.items():
            held.update(f"{name} {len(file.body)} ".encode() + file.body)
        self._modules: dict[str, list[str]] = {}
        self.version = held.hexdigest()[:12]

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/static/{version}/{path:.+}", self._send)

    def address(self, path: str) -> str:
        """Where browsers find the file. Raises KeyError when there is none."""
        self._files[path]
        return f"/static/{self.version}/{path}"

    def modules(self, path: str) -> list[str]:
        """The addresses of all that this module imports: a page that names them has them fetched at
        once, rather than one after another as each is read."""
        if path not in self._modules:
            found = sorted(set(self._imported(path, {path})))
            self._modules[path] = [self.address(each) for each in found]
        return self._modules[path]

    def _imported(self, path: str, seen: set[str]) -> Iterator[str]:
        for said in IMPORTED.findall(self._files[path].body.decode()):
            found = normpath(str(PurePosixPath(path).parent / said))
            if found not in seen:
                seen.add(found)
                yield found
                yield from self._imported(found, seen)

    async def _send(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["path"])
        if file is None:
            raise web.HTTPNotFound
        # While processes of two versions serve, a page of one may ask the other.
        is_ours = request.match_info["version"] == self.version
        headers = {"Cache-Control": FOR_GOOD if is_ours else "no-cache", "Vary": ACCEPT_ENCODING}
        body = file.body
        if "gzip" in request.headers.get(ACCEPT_ENCODING, ""):
            headers["Content-Encoding"] = "gzip"
            body = file.compressed
        return web.Response(body=body, content_type=file.content_type, headers=headers)


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(body, gzip.compress(body, mtime=0), content_type)


@cache
def static_files() -> StaticFiles:
    """This process's one: what is installed does not change while it runs."""
    return StaticFiles(FOLDER)
