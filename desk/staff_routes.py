"""Signing in and out, who I am, and who my colleagues are."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, StrictStr

from bot.access.proving import Attempt
from bot.access.sessions import LASTS, sign_in, sign_out
from bot.records import Agent
from desk import shapes, views
from desk.client_address import known_address
from desk.device import device_of
from desk.paging import Page
from desk.presence import Presence
from desk.routes import Call, Route
from desk.session_cookie import drop_cookie, is_of_a_page, session_cookie, set_cookie


class Credentials(BaseModel):
    email: StrictStr
    password: StrictStr


class StaffRoutes:
    """`presence` knows who has a page open."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    def table(self) -> list[Route]:
        return [
            Route(
                "POST",
                "/login",
                "anyone",
                "Sign in; the token is also set as a cookie",
                self.login,
                body=Credentials,
                answer=shapes.SignedIn,
            ),
            Route("POST", "/logout", "program", "End this session", self.logout, scope="person"),
            Route("GET", "/me", "program", "Who is signed in", self.me, answer=shapes.Me),
            Route(
                "GET",
                "/users",
                "agent",
                "Agents and leads, and who of them has a page open",
                self.users,
                query=Page,
                answer=shapes.Colleagues,
            ),
        ]

    async def login(self, call: Call) -> web.Response:
        # A page's earlier session ends here. A program may be several people, each by their token,
        # and its client send a cookie that it never asked for.
        earlier = session_cookie(call.request) if is_of_a_page(call.request) else None
        token, session, user = await sign_in(
            call.services,
            Attempt(call.body.email, call.body.password, known_address(call.request)),
            device=device_of(call.request),
            earlier=earlier,
        )
        answer = shapes.SignedIn(token=token, csrf_token=session.csrf_token, user=views.user(user))
        response = web.json_response(text=answer.json())
        set_cookie(response, call.request, token, seconds=int(LASTS.total_seconds()))
        return response

    async def logout(self, call: Call) -> web.Response:
        if call.session is not None:
            await sign_out(call.services, call.session)
        response = web.Response(status=204)
        drop_cookie(response, call.request)
        return response

    async def me(self, call: Call) -> shapes.Me:
        csrf = call.session.csrf_token if call.session else ""
        return shapes.Me(csrf_token=csrf, user=views.user(call.staff))

    async def users(self, call: Call) -> shapes.Colleagues:
        async with call.services.database.read() as uow:
            everybody = await uow.staff.everybody()
            agents = await uow.agents.many([user.id for user in everybody])
        revoked = {agent.user_id for agent in agents.values() if agent.revoked_at}
        online = await self._presence.online()
        items = [
            views.colleague(user, agents.get(user.id, Agent(user.id)), online=user.id in online)
            for user in everybody
            if user.role != "program" and user.id not in revoked
        ]
        return shapes.Colleagues(items=items, next=None)
