"""Finding a message among those that Twilio has: it keeps nothing of ours with one.

A bot says the same thing to the same number again and again. To take another message for the one
that is looked for would lose it, and to overlook it would send it twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import AnswerLost

TRIAL = "Sent from your Twilio trial account - "
CLOCKS_DIFFER = timedelta(minutes=1)  # ours and Twilio's, at most
LISTED_AFTER = timedelta(seconds=5)  # Twilio does not promise that a list is up to the moment
_A_SECOND = timedelta(seconds=1)  # the resolution of Twilio's dates


def found(message_id: str, body: str, listed: Sequence[Mapping[str, Any]]) -> str | None:
    """Twilio's id of the message of ours with this id and body, None when it never arrived.

    `listed` is what Twilio has for its number, less what is known to be another message. What was
    there before ours was written is another one too. When that leaves several, or one from so near
    that the clocks decide, nobody can tell which is ours, and this raises AnswerLost; it does so
    too while the list may be behind.
    """
    written = _written_at(message_id)
    alike = [
        message
        for message in listed
        if message["body"] in (body, TRIAL + body)
        and _created_at(message) > written - CLOCKS_DIFFER
    ]
    since = [message for message in alike if _created_at(message) > written - _A_SECOND]
    if len(since) == 1:
        return str(since[0]["sid"])
    if alike:
        raise AnswerLost("several_alike")
    if datetime.now(timezone.utc) < written + LISTED_AFTER:
        raise AnswerLost("not_listed_yet")
    return None


def _written_at(message_id: str) -> datetime:
    """A message's id is a UUIDv7: it begins with the milliseconds since 1970."""
    return datetime.fromtimestamp((uuid.UUID(message_id).int >> 80) / 1000, timezone.utc)


def _created_at(message: Mapping[str, Any]) -> datetime:
    return parsedate_to_datetime(message["date_created"])
