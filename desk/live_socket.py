"""The staff's WebSocket: everything that changes, as it changes."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web
from pydantic import ValidationError

from bot.clock import now
from bot.errors import InvalidInput, NotAllowed
from bot.events import Event, Subscription
from bot.records import User
from bot.services import Services
from desk import sockets, views
from desk.looking import AGAIN_SECONDS, Colleague, Looking, Page
from desk.presence import Presence
from desk.routes import Call, Route
from desk.session_cookie import session_cookie
from desk.sockets import Frame
from desk.standing import Standing
from desk.static_files import static_files

PING_SECONDS = 25.0
SEEN_SECONDS = 20.0


class LiveSocket:
    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._edition = static_files().version

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/live",
                "agent",
                "Changes to conversations, hand-offs and turns, as a WebSocket",
                self.connect,
                is_socket=True,
            )
        ]

    async def connect(self, call: Call) -> web.WebSocketResponse:
        cookie = session_cookie(call.request)
        if cookie is not None and "Origin" not in call.request.headers:
            # A browser always names its page; without it a cookie proves nothing.
            raise NotAllowed("A WebSocket with a cookie needs an Origin.", code="origin")
        async with sockets.open_socket(call.request) as socket:
            shown = cookie or sockets.token_of(await sockets.hello(socket))
            (route,) = self.table()
            standing = Standing(call.services, route, shown, is_cookie=cookie is not None)
            user = await standing.check()
            showing = _Showing(socket, Page(call.services.bus, user))
            with (
                call.services.bus.subscribe(showing.wants) as events,
                self._presence.here(user.id),
            ):
                await sockets.send(socket, "ready", edition=self._edition)
                push = _push(call.services, socket, user, standing, events, showing)
                try:
                    await sockets.first_to_end(
                        [
                            asyncio.create_task(push),
                            asyncio.create_task(sockets.listen(call.request, socket, showing.obey)),
                            asyncio.create_task(_keep_seen(call.services, user)),
                            asyncio.create_task(showing.keep_telling()),
                        ]
                    )
                finally:
                    await showing.page.leave()
        await call.services.bus.publish(Event("attendance", ""))
        return socket


class _Showing:
    """Which conversation the page shows, and what it was told of who else shows it."""

    def __init__(self, socket: web.WebSocketResponse, page: Page) -> None:
        self._socket = socket
        self.page = page
        self._told: list[Colleague] = []

    def wants(self, event: Event) -> bool:
        if event.type == "signed_out":
            return bool(event.data["user_id"] == self.page.user.id)
        return event.type not in ("held", "looking") or self.page.concerns(event)

    async def obey(self, frame: Frame) -> None:
        """A page says what it shows; whatever else it says only keeps the connection alive."""
        if frame["type"] != "looking":
            return
        try:
            shown = Looking.parse_obj(frame)
        except ValidationError:
            words = "A page shows a 'conversation_id', or null, and is 'writing', or not."
            await sockets.send(
                self._socket, "error", **InvalidInput("conversation_id", words).as_json()
            )
            return
        if shown.conversation_id != self.page.shown.conversation_id:
            self._told = []
        await self.page.show(shown)

    async def hear(self, event: Event) -> None:
        if event.type == "resync":
            await self.page.say_again(asks=True)
        else:
            await self.page.hear(event)
            await self._tell()

    async def keep_telling(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_SECONDS)
            await self.page.say_again()
            await self._tell()  # somebody may be forgotten by now

    async def _tell(self) -> None:
        colleagues = self.page.colleagues()
        if colleagues == self._told:
            return
        self._told = colleagues
        await sockets.send(
            self._socket,
            "looking",
            conversation_id=self.page.shown.conversation_id,
            colleagues=colleagues,
        )


async def _keep_seen(services: Services, user: User) -> None:
    """Write down that they are here, so that any process knows, also after this one has died."""
    arrived = False
    while True:
        async with services.database.write() as uow:
            await uow.agents.seen(user.id, at=now())
        if not arrived:
            await services.bus.publish(Event("attendance", ""))
            arrived = True
        await asyncio.sleep(SEEN_SECONDS)


async def _push(
    services: Services,
    socket: web.WebSocketResponse,
    user: User,
    standing: Standing,
    events: Subscription,
    showing: _Showing,
) -> None:
    while True:
        event: Event | None = None
        with contextlib.suppress(asyncio.TimeoutError):
            event = await asyncio.wait_for(events.next(), standing.seconds_left(PING_SECONDS))
        # Whoever has signed out, or has another role by now, is told nothing more: an event says
        # so, unless it was lost or nobody could send it. Not looked up for each: there are many.
        if event is None or event.type in ("signed_out", "resync") or standing.is_due():
            await standing.check()
        if event is None:
            await sockets.send(socket, "ping")
            continue
        if event.type == "signed_out":
            continue
        if event.type in ("looking", "resync"):
            await showing.hear(event)
        if event.type != "looking":
            await _tell(services, socket, user, event)


async def _tell(
    services: Services, socket: web.WebSocketResponse, user: User, event: Event
) -> None:
    if event.type == "resync":
        await sockets.send(socket, "resync")
    elif event.type == "typing":
        if event.data["author"] != "bot":
            await sockets.send(
                socket, "typing", conversation_id=event.conversation_id, **event.data
            )
    elif event.type == "survey":
        await sockets.send(socket, "survey", conversation_id=event.conversation_id)
    elif event.type == "dead_letter":
        if user.may("lead"):
            await sockets.send(socket, "dead_letters")
    elif event.type == "model":
        if user.may("lead"):
            await sockets.send(socket, "model", model_id=event.data["model_id"])
    elif event.type == "discovery":
        if user.may("lead"):
            await sockets.send(socket, "discovery")
    elif event.type == "label":
        if user.may("lead"):
            await sockets.send(socket, "label")
    elif event.type == "notice":
        if user.may("lead"):
            await sockets.send(socket, "webhook", webhook_id=event.data["subscription_id"])
    elif event.type == "access":
        if user.may("admin"):
            await sockets.send(socket, "access")
    elif event.type == "insight":
        if user.may("lead"):
            await sockets.send(socket, "insight")
    elif event.type == "receipt":
        await sockets.send(socket, "receipt", conversation_id=event.conversation_id, **event.data)
    elif event.type == "presence":
        if event.data["user_id"] == user.id:
            await _tell_presence(services, socket, user)
        if user.may("lead"):
            await sockets.send(socket, "team")
    elif event.type == "attendance":
        if user.may("lead"):
            await sockets.send(socket, "team")
    elif event.type == "signal":
        await _tell_signals(services, socket, event.conversation_id)
    elif event.type == "turn":
        if user.may("lead"):
            await _tell_turn(services, socket, event.data["turn_id"])
    else:
        await _tell_conversation(services, socket, event)


async def _tell_presence(services: Services, socket: web.WebSocketResponse, user: User) -> None:
    async with services.database.read() as uow:
        agent = await uow.agents.get(user.id)
        shown = views.agent(agent, load=await uow.agents.load(user.id))
    await sockets.send(socket, "presence", agent=shown)


async def _tell_signals(
    services: Services, socket: web.WebSocketResponse, conversation_id: str
) -> None:
    async with services.database.read() as uow:
        row = await uow.conversations.get(conversation_id)
        handoff = (await uow.handoffs.latest([conversation_id])).get(conversation_id)
        signals = await views.signals(uow, row.customer_id, handoff) if row else []
    await sockets.send(socket, "signals", conversation_id=conversation_id, signals=signals)


async def _tell_turn(services: Services, socket: web.WebSocketResponse, turn_id: str) -> None:
    async with services.database.read() as uow:
        turn = await uow.turns.get(turn_id)
    if turn is not None and turn.state == "dead":
        await sockets.send(socket, "dead_letters")
    elif turn is not None and turn.outcome != "resumed":
        await sockets.send(socket, "turn", turn=views.turn(turn))


async def _tell_conversation(
    services: Services, socket: web.WebSocketResponse, event: Event
) -> None:
    async with services.database.read() as uow:
        row = await uow.conversations.get(event.conversation_id)
        if row is None:
            return
        (summary,) = await views.conversations(uow, [row])
        line = await uow.messages.get(event.data["message_id"]) if event.type == "message" else None
    if line is not None:
        await sockets.send(socket, "message", conversation_id=row.id, message=views.message(line))
    await sockets.send(socket, "conversation", conversation=summary)
