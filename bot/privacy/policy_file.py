"""Reading `privacy.yml`: strictly at start, forgivingly while customers write."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from bot.errors import SetupError
from bot.privacy.policy import Policy
from bot.yaml_file import read_mapping

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PolicyFile:
    """The file as it is now or, while it is wrong or away, as it last was; without one nothing is
    said and nothing is deleted. `site` is where customers' browsers find this server."""

    path: Path
    site: str
    _read_at: int = 0  # when what was read had been changed
    _policy: Policy | None = field(default=None)

    @property
    def now(self) -> Policy | None:
        try:
            self.load()
        except SetupError as error:
            log.error("privacy_refused where=%s problem=%s", error.where, error.problem)
        return self._policy

    def load(self) -> Policy | None:
        """Read it if it has changed; raise SetupError for what is wrong with it."""
        try:
            changed = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return self._policy
        if changed != self._read_at:
            self._read_at = changed
            self._policy = _read(self.path)
        return self._policy

    def check(self, known: Collection[str]) -> None:
        """Raise SetupError for what is wrong with it, as a channel that does not exist."""
        policy = self.load()
        for channel in policy.channels if policy else ():
            if channel not in known:
                raise SetupError(
                    f"there is no channel '{channel}'",
                    where=f"{self.path}, key 'channels'",
                    cure=f"Channels are: {', '.join(sorted(known))}.",
                )


def _read(path: Path) -> Policy:
    raw = read_mapping(path, missing="Restore it, or leave it out.")
    try:
        return Policy.parse_obj(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "__root__")
        raise SetupError(
            first["msg"],
            where=f"{path}, key '{key}'" if key else str(path),
            cure="See docs/howto/privacy.md for what each key holds.",
        ) from error
