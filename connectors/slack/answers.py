"""What Slack answers: HTTP 200 to nearly everything, and in it whether it did what it was asked.

Contract: Slack, "Using the Slack Web API" and the errors of `chat.postMessage`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import AnswerLost, NotNow, Refused
from connectors.fields import mapping, words
from connectors.http import TOO_MANY, Answer, accepted

_CODE = re.compile(r"[a-z0-9_]{1,60}")
_LIMITED = frozenset({"ratelimited", "rate_limited"})
# "It's possible some aspect of the operation succeeded before the error was raised."
_MAY_HAVE_ARRIVED = frozenset({"fatal_error", "internal_error"})
# Nothing is wrong with the message: somebody has to mend the app's rights, or Slack itself.
_LATER = frozenset(
    {
        "access_denied",
        "accesslimited",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "request_timeout",
        "service_unavailable",
        "team_access_not_granted",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
    }
)


def result(answer: Answer) -> Mapping[str, Any]:
    """What a method answered, if it did what it was asked. Raises Refused, NotNow or AnswerLost."""
    error = words(mapping(answer.content).get("error"))
    if answer.status == TOO_MANY or error in _LIMITED:
        # It does not say whose limit it was. Ours for the whole workspace is kept to, so it was
        # most likely the channel's, of one message a second: other channels need not wait for it.
        raise NotNow("ratelimited", retry_after=answer.retry_after)
    if error in _MAY_HAVE_ARRIVED:
        raise AnswerLost(error)
    if error in _LATER:
        raise NotNow(error)
    content = accepted(answer)
    if content.get("ok") is True:
        return content
    if _CODE.fullmatch(error):
        raise Refused(error)
    raise AnswerLost("unreadable_answer")
