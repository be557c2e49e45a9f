"""Whether whoever opened a socket may still listen: it ends with the session or token that opened
it."""

from __future__ import annotations

import time

from bot.access.sessions import ends_at, find_session
from bot.clock import now
from bot.records import ApiToken, User
from bot.services import Services
from desk.routes import Route, find_staff, require_rank, require_scope

CHECKED_FOR_SECONDS = 1.0


class Standing:
    """`shown` is what they came with; a cookie holds a session, never an API token."""

    def __init__(self, services: Services, route: Route, shown: str, *, is_cookie: bool) -> None:
        self._services = services
        self._route = route
        self._shown = shown
        self._is_cookie = is_cookie
        self._ends_at = now()
        self._checked_at = 0.0

    async def check(self) -> User:
        """Who they are; raise NotSignedIn or NotAllowed when they may listen no more."""
        self._checked_at = time.monotonic()
        find = find_session if self._is_cookie else find_staff
        proof, user = await find(self._services, self._shown)
        if isinstance(proof, ApiToken):
            require_scope(proof, self._route.needs)
            self._ends_at = proof.expires_at
        else:
            self._ends_at = ends_at(proof)
        require_rank(user, "agent")
        return user

    def is_due(self) -> bool:
        """Whether it was checked so long ago that it may be otherwise by now."""
        since = time.monotonic() - self._checked_at
        return self.seconds_left(CHECKED_FOR_SECONDS - since) <= 0

    def seconds_left(self, most: float) -> float:
        """Until it has to be checked again."""
        return min(most, max(0.0, (self._ends_at - now()).total_seconds()))
