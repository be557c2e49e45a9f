"""What a back-up says of itself: which version made it, of what, and a checksum for each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bot.errors import SetupError

NAME = "manifest.json"
FORMAT = 1
MODELS = "models"
PROJECT = "project"
CURE = "Take another back-up: this one is damaged, or no back-up of Warmline."


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are SHA-256 by the name in the archive; `database` one of them, made by `engine`."""

    id: str
    format: int
    warmline: str
    schema: str
    made_at: str
    engine: str
    database: str
    files: Mapping[str, str]

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=2).encode()


def read_manifest(content: bytes, archive: Path) -> Manifest:
    """Raises SetupError for what no `warmline backup` wrote."""
    try:
        told: dict[str, Any] = json.loads(content)
        manifest = Manifest(**told)
        known = manifest.format == FORMAT and all(map(_is_inside, manifest.files))
    except (ValueError, TypeError, AttributeError) as error:
        raise SetupError("its manifest cannot be read", where=str(archive), cure=CURE) from error
    if not known or manifest.database not in manifest.files:
        raise SetupError("its manifest is of no known kind", where=str(archive), cure=CURE)
    return manifest


def _is_inside(name: str) -> bool:
    """Whether a file of this name stays within the folder that it is unpacked into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
