"""Every error Warmline raises on purpose, drawn as one tree.

WarmlineError
├── InvalidInput      422  a field of a request or message cannot be used
├── NotSignedIn       401  no session, or one that has ended
├── NotAllowed        403  signed in, but this is not theirs to do
├── NotFound          404  no such thing, or not one this caller may see
├── Conflict          409  somebody else was first, or the state does not allow it
├── TooLarge          413  more bytes than we read
├── TooMany           429  asked too often; the same request may succeed later
├── Unavailable       503  not now; the same request may succeed later
├── SendFailed             a provider did not accept a message, or nobody knows whether it did
│   ├── Refused            … for good: the same message would be refused again
│   ├── NotNow             … nothing was accepted; the same message may be tried again
│   └── AnswerLost         … it may have arrived: never repeated without looking first
├── StaleOwner             a turn was computed under an owner, or of messages, that changed since
│   └── LeaseLost          … and somebody else is taking it by now
└── SetupError             the program cannot start: what is wrong, where, and the cure

`code` is for programs and never changes; `message` is for people and says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any


class WarmlineError(Exception):
    """Base of every error raised on purpose; edges turn it into an answer."""

    status = 500
    code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, detail: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.detail = dict(detail) if detail is not None else None

    def as_json(self) -> dict[str, Any]:
        """The one shape in which every route reports an error."""
        return {"error": {"code": self.code, "message": self.message, "detail": self.detail}}


class InvalidInput(WarmlineError):
    """A field cannot be used; `field` names it."""

    status = 422
    code = "invalid"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, detail={"field": field})


class NotSignedIn(WarmlineError):
    """No session, an unknown one, or one that has ended."""

    status = 401
    code = "not_signed_in"


class NotAllowed(WarmlineError):
    """Signed in, but the role or the token does not reach that far."""

    status = 403
    code = "not_allowed"


class NotFound(WarmlineError):
    """No such thing; also said of things that exist but belong to somebody else."""

    status = 404
    code = "not_found"


class Conflict(WarmlineError):
    """Somebody else was first, or the conversation's state does not allow it."""

    status = 409
    code = "conflict"


class TooLarge(WarmlineError):
    """The body is longer than we are willing to read."""

    status = 413
    code = "too_large"


class TooMany(WarmlineError):
    """Asked too often: the caller may try again after `retry_after` seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(WarmlineError):
    """Not now: the caller may try the very same request again after `retry_after` seconds."""

    status = 503
    code = "unavailable"

    def __init__(self, message: str, *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SendFailed(WarmlineError):
    """Raised by connectors. `code` is kept with the message: no text and no address in it."""

    code = "send_failed"

    def __init__(self, code: str) -> None:
        super().__init__(f"the provider did not accept the message ({code})", code=code)


class Refused(SendFailed):
    """A wrong number, a customer who blocked us: no later try can succeed."""


class NotNow(SendFailed):
    """Nothing was accepted. The provider wants no other try before `retry_after` seconds have
    passed; `whole_channel` when that is meant for every message, not for this one."""

    def __init__(
        self, code: str, *, retry_after: float | None = None, whole_channel: bool = False
    ) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.whole_channel = whole_channel


class AnswerLost(SendFailed):
    """The request was written, and no answer came."""


class StaleOwner(WarmlineError):
    """The conversation changed owner, or lost a message, while a turn was being computed."""

    code = "stale_owner"


class LeaseLost(StaleOwner):
    """The turn took longer than its lease, and somebody else is taking it by now."""


class SetupError(WarmlineError):
    """The program cannot start. `where` is the file, key or setting; `cure` what to do."""

    code = "setup"

    def __init__(self, problem: str, *, where: str, cure: str) -> None:
        super().__init__(f"{where}: {problem}\n  {cure}")
        self.problem = problem
        self.where = where
        self.cure = cure

    def __reduce__(self) -> tuple[Any, ...]:
        # Training runs in a process of its own, and its errors have to come back from there.
        return partial(SetupError, where=self.where, cure=self.cure), (self.problem,)
