"""What the Send API answers, and what follows from it.

Contract: Meta's Messenger Platform, "Common Error Codes", and the Graph API's "Handling Errors". A
code says what kind of thing is wrong, its subcode what exactly.
"""

from __future__ import annotations

from bot.errors import AnswerLost, NotNow, Refused
from bot.messages import Receipt
from connectors.fields import mapping, words
from connectors.http import GATEWAY_TIMEOUT, Answer, accepted

# Too many calls of the app, the user, the page, in all, of this kind, on Instagram, on Messenger;
# and the account is blocked for a while.
_TOO_MANY = frozenset({4, 17, 32, 341, 613, 80002, 80006, 368})
# Nothing is wrong with the message: their service is down, our token does not hold any more, a
# permission is missing, or another app has the conversation.
_LATER = frozenset({-1, 1, 2, 1200, 102, 190, 3, 10, 200})
# Subcodes, mostly of missing permissions: a reply comes too late, or this person wants none.
_TOO_LATE = frozenset({2018065, 2018278, 2534022})
_UNWANTED = frozenset({1545041, 2018108})
_SENT_ALL_THE_SAME = 1357046


def receipt(answer: Answer, *, prefix: str) -> Receipt:
    """The receipt of a message that was taken, or can be when the customer writes again. Raises
    Refused, NotNow or AnswerLost, with the platform's codes after `prefix`."""
    error = mapping(mapping(answer.content).get("error"))
    code, subcode = error.get("code"), error.get("error_subcode")
    if not isinstance(code, int) or answer.status == GATEWAY_TIMEOUT:
        return _taken(answer)
    named = f"{prefix}_{code}"
    if isinstance(subcode, int):
        named += f"_{subcode}"
        if subcode in _TOO_LATE:
            return Receipt("held", reason="window_closed")
        if subcode in _UNWANTED:
            raise Refused(named)
        if subcode == _SENT_ALL_THE_SAME:
            raise AnswerLost(named)
    if code in _TOO_MANY:
        raise NotNow(named, retry_after=answer.retry_after, whole_channel=True)
    if code in _LATER or answer.status >= 500:
        raise NotNow(named, retry_after=answer.retry_after)
    raise Refused(named)


def _taken(answer: Answer) -> Receipt:
    message_id = words(accepted(answer).get("message_id"))
    if not message_id:
        raise AnswerLost("unreadable_answer")
    return Receipt("sent", provider_id=message_id)
