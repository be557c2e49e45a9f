"""Twilio's own error codes, which say more than the status they come with.

Only what matters to somebody has a name here: Twilio advises against building on its codes, because
it divides them further all the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import NotNow, Refused
from connectors.fields import mapping
from connectors.http import Answer, accepted

_REFUSED: Mapping[int, str] = {
    21211: "bad_number",
    21217: "bad_number",
    21408: "region_not_enabled",
    21610: "opted_out",
    21614: "bad_number",
    21635: "bad_number",
    30006: "bad_number",
}
# Nothing is wrong with the message: our account, our sender, or the moment.
_NOT_NOW: Mapping[int, str] = {
    20003: "credentials",
    20005: "account_not_active",
    20429: "too_many_requests",
    21606: "bad_sender",
    21611: "queue_full",
    21659: "bad_sender",
    21660: "bad_sender",
    21703: "bad_sender",
    21705: "bad_sender",
}
_BAD_REQUEST = 400


def taken(answer: Answer) -> dict[str, Any]:
    """Twilio's JSON object, if it accepted. Raises Refused, NotNow or AnswerLost otherwise."""
    code = mapping(answer.content).get("code")
    if answer.status >= _BAD_REQUEST and isinstance(code, int):
        if code in _NOT_NOW:
            raise NotNow(_NOT_NOW[code], retry_after=answer.retry_after, whole_channel=True)
        if code in _REFUSED or answer.status == _BAD_REQUEST:
            raise Refused(_REFUSED.get(code, f"twilio_{code}"))
    return accepted(answer)
