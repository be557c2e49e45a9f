"""What a route of the API is: its address, who may call it, and the shapes that go in and out.

Everything enters through one function, so that no handler can forget to check who is calling; the
OpenAPI document and the test that walks every route as every kind of user read the same table.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.access.sessions import find_session
from bot.access.tokens import PREFIX, find_token
from bot.errors import InvalidInput, NotAllowed, NotSignedIn
from bot.records import RANKS, ApiToken, Role, Scope, Session, User
from bot.services import Services
from desk.json_in import read_object
from desk.session_cookie import session_cookie
from desk.visitors import Visitor, VisitorTokens

Audience = Literal["anyone", "customer", "program", "agent", "lead", "admin"]
# `person`: somebody who signed in; what gives access is not for API tokens, which would outlive it.
Need = Scope | Literal["person"]
CSRF_HEADER = "X-CSRF-Token"
_THOSE: Mapping[Role, str] = {
    "program": "programs, agents, leads and admins",
    "agent": "agents, leads and admins",
    "lead": "leads and admins",
    "admin": "admins",
}
SAFE_METHODS = frozenset({"GET", "HEAD"})
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with whoever makes it already known."""

    services: Services
    request: web.Request
    user: User | None = None
    session: Session | None = None
    visitor: Visitor | None = None
    body: Any = None
    query: Any = None

    @property
    def staff(self) -> User:
        """The signed-in user; routes for agents and leads always have one."""
        if self.user is None:
            raise NotSignedIn("Please sign in.")
        return self.user

    @property
    def own_session(self) -> Session:
        """The session of whoever signed in; routes that need a person always have one."""
        if self.session is None:
            raise NotSignedIn("Please sign in.")
        return self.session

    @property
    def customer(self) -> Visitor:
        """The widget's visitor; routes for customers always have one."""
        if self.visitor is None:
            raise NotSignedIn("This chat session has ended.", code="session_expired")
        return self.visitor


Handler = Callable[[Call], Awaitable[BaseModel | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. `path` is below /api/v1; no `answer` means 204, or a file. `repeated`
    is the status of the same answer to what was asked before. `scope` is what an API token needs
    for it, where that is not what follows from the method."""

    method: str
    path: str
    audience: Audience
    summary: str
    handler: Handler
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    repeated: int | None = None
    is_socket: bool = False
    is_file: bool = False  # answers with bytes of some kind
    scope: Need | None = None

    @property
    def needs(self) -> Need | None:
        """What a token must be good for, None where no token of staff's is asked for."""
        if self.audience not in RANKS:
            return None
        if self.scope is not None:
            return self.scope
        if self.audience == "admin":
            return "admin"
        return "read" if self.method in SAFE_METHODS else "write"


class Gate:
    """Turns aiohttp requests into calls: checks who is asking, reads what they sent."""

    def __init__(self, services: Services, visitors: VisitorTokens) -> None:
        self._services = services
        self._visitors = visitors

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        for route in routes:
            app.router.add_route(route.method, API + route.path, self._entry(route))

    def _entry(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def enter(request: web.Request) -> web.StreamResponse:
            call = await self._admit(route, request)
            answer = await route.handler(call)
            if answer is None:
                return web.Response(status=204)
            if isinstance(answer, web.StreamResponse):
                return answer
            return web.json_response(text=answer.json(), status=route.status)

        return enter

    async def _admit(self, route: Route, request: web.Request) -> Call:
        user, session, visitor = None, None, None
        # Sockets say who they are in their first frame: a browser cannot set a header on them.
        if route.audience == "customer" and not route.is_socket:
            visitor = self._visitors.read(bearer(request) or "")
        elif route.audience in RANKS and not route.is_socket:
            proof, user = await self._staff(request)
            if isinstance(proof, ApiToken):
                require_scope(proof, route.needs)
            else:
                session = proof
            require_rank(user, route.audience)
        return Call(
            services=self._services,
            request=request,
            user=user,
            session=session,
            visitor=visitor,
            body=await _body(route.body, request) if route.body else None,
            query=_checked(route.query, dict(request.query)) if route.query else None,
        )

    async def _staff(self, request: web.Request) -> tuple[Session | ApiToken, User]:
        shown = bearer(request)
        if shown is not None:
            return await find_staff(self._services, shown)
        cookie = session_cookie(request)
        if cookie is None:
            raise NotSignedIn("Please sign in.")
        session, user = await find_session(self._services, cookie)
        # A cookie travels with requests that other sites cause; the header does not.
        sent = request.headers.get(CSRF_HEADER, "")
        if request.method not in SAFE_METHODS and not hmac.compare_digest(
            sent.encode(errors="surrogateescape"), session.csrf_token.encode()
        ):
            raise NotAllowed(
                f"The header {CSRF_HEADER} is missing or old. Reload the page.", code="csrf"
            )
        return session, user


async def find_staff(services: Services, shown: str) -> tuple[Session | ApiToken, User]:
    """Whose session or API token this is; raise NotSignedIn for an unknown one or an ended one."""
    if shown.startswith(PREFIX):
        return await find_token(services, shown)
    return await find_session(services, shown)


def require_scope(token: ApiToken, need: Need | None) -> None:
    """Raise NotAllowed for a token that is not good for this."""
    if need == "person":
        raise NotAllowed("An API token cannot do this: sign in.", code="scope")
    if need is not None and need not in token.scopes:
        raise NotAllowed(f"This needs an API token with the scope {need}.", code="scope")


def require_rank(user: User, least: Role) -> None:
    """Raise NotAllowed for somebody with less rights than `least`."""
    if not user.may(least):
        raise NotAllowed(f"Only {_THOSE[least]} may do this.")


def bearer(request: web.Request) -> str | None:
    """The token that the request comes with."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def _body(model: type[BaseModel], request: web.Request) -> BaseModel:
    raw = await request.read()
    return _checked(model, read_object(raw, field="body") if raw.strip() else {})


def _checked(model: type[BaseModel], content: dict[str, Any]) -> BaseModel:
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(field, f"'{field}': {first['msg']}.") from error
