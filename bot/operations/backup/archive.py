"""The file of a back-up: a tar archive, with the manifest first."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.errors import SetupError
from bot.model_files import sha256_of
from bot.operations.backup.manifest import CURE, NAME, Manifest, read_manifest

LARGEST_MANIFEST = 10 * 1024 * 1024


def write_archive(to: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Whole or not at all, and for its owner's eyes: it holds every conversation."""
    part = to.with_name(f"{to.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
        ):
            content = manifest.as_json()
            about = tarfile.TarInfo(NAME)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
            for name, path in files.items():
                archive.add(path, name, recursive=False, filter=_plain)
        part.rename(to)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def unpack(archive: Path, folder: Path) -> Manifest:
    """Its files, in that folder, each as the manifest says. Raises SetupError when one is not."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            first = opened.next()
            content = opened.extractfile(first) if first and first.name == NAME else None
            if content is None:
                raise SetupError("it has no manifest", where=str(archive), cure=CURE)
            manifest = read_manifest(content.read(LARGEST_MANIFEST), archive)
            for member in opened:
                # Names that the manifest has, files and nothing else: no link, no device.
                if member.name in manifest.files and member.isreg():
                    opened.extract(member, folder, set_attrs=False)
                    os.utime(folder / member.name, (member.mtime, member.mtime))
    except (tarfile.TarError, OSError, EOFError) as error:
        problem = f"it cannot be read ({type(error).__name__})"
        raise SetupError(problem, where=str(archive), cure=CURE) from error
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected:
            raise SetupError(f"'{name}' is damaged", where=str(archive), cure=CURE)
    return manifest


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose it was here is nothing to another machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
