"""Reading `handoff.yml`: strictly at start and in training, forgivingly while customers write.

The file acts on the next message, so somebody saves it while the program runs. A slip then must
not cost a customer anything: the rules stay as they last were right, and the log says why.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.errors import SetupError
from bot.rules import Rules
from bot.strict import Strict
from bot.yaml_file import read_mapping

log = logging.getLogger(__name__)

DEFAULTS = Rules()
_last_right: dict[Path, Rules] = {}
_refused: dict[Path, int] = {}  # when the file that was refused had been changed


def load_rules(path: Path) -> Rules:
    """Read and check the file; without one the defaults hold. Raises SetupError."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return DEFAULTS
    return _remembered(path, changed)


def current_rules(path: Path) -> Rules:
    """The rules as the file says now or, while it is wrong or away, as it last said."""
    known = _last_right.get(path)
    if known is None:
        return load_rules(path)
    try:
        changed = path.stat().st_mtime_ns
        if _refused.get(path) == changed:
            return known
        return _remembered(path, changed)
    except FileNotFoundError:
        return known  # an editor moves the old file away before it writes the new one
    except SetupError as error:
        _refused[path] = changed
        log.error("rules_refused where=%s problem=%s", error.where, error.problem)
        return known


def _remembered(path: Path, changed: int) -> Rules:
    _last_right[path] = _load(path, changed)
    return _last_right[path]


def check_names(
    rules: Rules, path: Path, *, intents: Collection[str], slots: Collection[str]
) -> None:
    """Raise SetupError for an intent or slot that the file names and the domain does not have."""
    for kind, named, known in (
        ("intent", rules.intents(), intents),
        ("slot", rules.slots(), slots),
    ):
        for name, key in named.items():
            if name not in known:
                raise SetupError(
                    f"there is no {kind} '{name}' in the domain",
                    where=f"{path}, key '{key}'",
                    cure=f"Correct the name, or add the {kind} to domain.yml and train.",
                )


def check_channels(rules: Rules, path: Path, known: Collection[str]) -> None:
    """Raise SetupError for a channel that does not exist."""
    for key, named in (
        *((f"rules.{place}.channels", rule.channels) for place, rule in enumerate(rules.rules)),
        *((f"routing.{place}.channels", one.channels) for place, one in enumerate(rules.routing)),
        ("survey.channels", rules.survey.channels),
    ):
        for channel in named:
            if channel not in known:
                raise SetupError(
                    f"there is no channel '{channel}'",
                    where=f"{path}, key '{key}'",
                    cure=f"Channels are: {', '.join(sorted(known))}.",
                )


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Rules:
    raw = read_mapping(path, missing="Restore it, or leave it out for the defaults.")
    try:
        rules = Rules.parse_obj(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "__root__")
        raise SetupError(
            first["msg"],
            where=f"{path}, key '{key}'",
            cure=f"Known keys here are: {', '.join(_known_keys(first['loc'][:-1]))}.",
        ) from error
    for key, queue in (
        ("default_queue", rules.default_queue),
        *((f"routing.{place}.queue", one.queue) for place, one in enumerate(rules.routing)),
    ):
        if queue not in rules.queues:
            raise SetupError(
                f"there is no queue '{queue}'",
                where=f"{path}, key '{key}'",
                cure=f"Name one of: {', '.join(rules.queues)}.",
            )
    claims = Counter(name for risk in rules.risk_classes.values() for name in set(risk.intents))
    twice = next((name for name, count in claims.items() if count > 1), None)
    if twice:
        raise SetupError(
            f"the intent '{twice}' is in two risk classes",
            where=f"{path}, key 'risk_classes'",
            cure="Leave it in the stricter one.",
        )
    return rules


def _known_keys(above: tuple[str | int, ...]) -> list[str]:
    """The keys of the mapping that stands at this place, as far as they are ours to name."""
    model: type[BaseModel] = Rules
    for part in above:
        field = model.__fields__.get(str(part))
        if field is not None and isinstance(field.type_, type) and issubclass(field.type_, Strict):
            model = field.type_
    return list(model.__fields__)
