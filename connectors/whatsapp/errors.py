"""What the errors of WhatsApp's Cloud API mean for a message.

Source: WhatsApp Business Platform, "Error codes". Meta asks to go by the code, not the HTTP status.
"""

from __future__ import annotations

from typing import Any

from bot.errors import NotNow, Refused
from connectors.fields import mapping
from connectors.http import GATEWAY_TIMEOUT, TOO_MANY, Answer, accepted

WINDOW_CLOSED = 131047
# The app's, the account's and the number's limits; the last is for messages taken for spam.
_TOO_MANY = frozenset({4, 80007, 130429, 131048})
_LATER = frozenset(
    {
        0,  # the token does not hold any more …
        190,  # … or has expired
        10,  # a permission is missing
        131005,
        368,  # the account is restricted,
        131031,  # locked
        131042,  # or has not paid
        2,  # Meta's own troubles
        131000,
        131016,
        131057,
        133004,
        131056,  # too many messages to this one customer
    }
)


def accept(answer: Answer) -> dict[str, Any]:
    """The API's JSON object, if it accepted. Raises Refused, NotNow or AnswerLost otherwise.

    What an operator can mend, such as a token, is no reason to give a message up.
    """
    code = error_code(answer)
    if code is None or answer.status == GATEWAY_TIMEOUT:
        return accepted(answer)
    name = f"whatsapp_{code}"
    if code in _TOO_MANY or answer.status == TOO_MANY:
        raise NotNow(name, retry_after=answer.retry_after, whole_channel=True)
    if code in _LATER or answer.status == 401 or answer.status >= 500:
        raise NotNow(name, retry_after=answer.retry_after)
    raise Refused(name)


def error_code(answer: Answer) -> int | None:
    """Meta's own code of what went wrong; None when it does not say, or nothing did."""
    code = mapping(mapping(answer.content).get("error")).get("code")
    return code if isinstance(code, int) and not 200 <= answer.status < 300 else None
