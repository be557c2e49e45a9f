"""The privacy notice as the widget shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.privacy.policy_file import PolicyFile

_LANGUAGE = re.compile(r"[ \t]{0,9}([a-zA-Z]{2,3})(?:-[\w-]{1,20})?(?:[ \t]{0,9};[^,]{0,40})?")
MOST_LANGUAGES = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """`before` and `after` are the words around the address of the statement."""

    version: str
    language: str
    before: str
    after: str
    statement: str
    shown: str
    asks: bool
    agree: str
    withdraw: str


def notice_for(privacy: PolicyFile | None, accepted: str) -> Notice | None:
    """In the first of a browser's languages that there are words in; None without a file."""
    policy = privacy.now if privacy else None
    if privacy is None or policy is None:
        return None
    parts = accepted.split(",")[:MOST_LANGUAGES]
    found = [each.group(1).lower() for part in parts if (each := _LANGUAGE.fullmatch(part))]
    language = policy.language(found)
    address = policy.address(privacy.site)
    before, _, after = policy.notice(language, privacy.site).partition(address)
    words = policy.words[language]
    return Notice(
        version=policy.version,
        language=language,
        before=before.strip(),
        after=after.strip(),
        statement=address,
        shown=address.partition("://")[2] or address,
        asks=policy.consent == "ask",
        agree=words.agree,
        withdraw=words.withdraw,
    )
