"""The pages people open: Jinja2 shells whose modules do the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.access.sessions import find_session
from bot.errors import NotSignedIn
from bot.records import Role, Session, User
from bot.services import Services
from desk.privacy_views import notice_for
from desk.session_cookie import session_cookie
from desk.static_files import FOLDER, static_files

HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["static"] = lambda path: static_files().address(path)
_TEMPLATES.globals["modules"] = lambda path: static_files().modules(path)


class Pages:
    """`sign_ins` and `customers` are what the demo offers; elsewhere there are none. `channels` are
    those a visitor of the widget may also write on."""

    def __init__(
        self,
        services: Services,
        *,
        sign_ins: Sequence[Mapping[str, str]],
        customers: Callable[[], Sequence[Mapping[str, str]]],
        channels: Sequence[str],
    ) -> None:
        self._services = services
        self._sign_ins = sign_ins
        self._customers = customers
        self._channels = channels

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/", self.shop)
        app.router.add_get("/widget", self.widget)
        app.router.add_get("/widget.js", self.loader)
        app.router.add_get("/desk", self.desk)
        app.router.add_get("/console", self.review)
        app.router.add_get("/console/turns", self.console)
        app.router.add_get("/console/discover", self.discover)
        app.router.add_get("/console/conflicts", self.conflicts)
        app.router.add_get("/console/drift", self.drift)
        app.router.add_get("/console/undelivered", self.undelivered)
        app.router.add_get("/console/training-data", self.training_data)
        app.router.add_get("/console/satisfaction", self.satisfaction)
        app.router.add_get("/console/models", self.models)
        app.router.add_get("/console/insight", self.insight)
        app.router.add_get("/console/webhooks", self.webhooks)
        app.router.add_get("/console/team", self.team)
        app.router.add_get("/console/canned", self.canned)
        app.router.add_get("/console/audit", self.audit)
        app.router.add_get("/console/access", self.access)
        app.router.add_get("/account", self.account)
        app.router.add_get("/choose-password", self.choose_password)
        app.router.add_get("/console/customers", self.customers)
        app.router.add_get("/console/blocked", self.blocked)
        static_files().mount(app)

    async def shop(self, request: web.Request) -> web.Response:
        return page("shop.html", customers=self._customers())

    async def widget(self, request: web.Request) -> web.Response:
        notice = notice_for(self._services.privacy, request.headers.get("Accept-Language", ""))
        return page("widget.html", channels=self._channels, notice=notice)

    async def loader(self, request: web.Request) -> web.FileResponse:
        # Other sites load this as a script; everything it then talks to is on this origin.
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        return web.FileResponse(FOLDER / "widget" / "loader.js", headers=headers)

    async def desk(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "desk.html", "agent")

    async def review(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "review.html", "lead")

    async def console(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "console.html", "lead")

    async def discover(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "discover.html", "lead")

    async def conflicts(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "conflicts.html", "lead")

    async def drift(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "drift.html", "lead")

    async def undelivered(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "undelivered.html", "lead")

    async def training_data(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "training_data.html", "lead")

    async def satisfaction(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "satisfaction.html", "lead")

    async def models(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "models.html", "lead")

    async def insight(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "insight.html", "lead")

    async def webhooks(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "webhooks.html", "lead")

    async def team(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "team.html", "lead")

    async def audit(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "audit.html", "lead")

    async def canned(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "canned.html", "lead")

    async def access(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "access.html", "admin")

    async def account(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "account.html", "agent")

    async def choose_password(self, request: web.Request) -> web.Response:
        return page("choose_password.html")

    async def customers(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "customers.html", "admin")

    async def blocked(self, request: web.Request) -> web.Response:
        return await self._for_staff(request, "blocked.html", "lead")

    async def _for_staff(self, request: web.Request, template: str, least: Role) -> web.Response:
        try:
            session, user = await self._signed_in(request)
        except NotSignedIn:
            return page("login.html", demo_sign_ins=self._sign_ins)
        allowed = user.may(least)
        if not allowed:
            template = "forbidden.html"
        shown = page(
            template,
            csrf_token=session.csrf_token,
            least=least,
            user={"id": user.id, "name": user.name, "email": user.email, "role": user.role},
        )
        shown.set_status(200 if allowed else 403)
        return shown

    async def _signed_in(self, request: web.Request) -> tuple[Session, User]:
        cookie = session_cookie(request)
        if cookie is None:
            raise NotSignedIn("Please sign in.")
        return await find_session(self._services, cookie)


def page(template: str, **values: Any) -> web.Response:
    """The template with these values in it."""
    text = _TEMPLATES.get_template(template).render(values)
    return web.Response(text=text, content_type="text/html")
