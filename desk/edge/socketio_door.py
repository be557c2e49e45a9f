"""What holds for whoever connects by Socket.IO, as for the sockets of our own pages."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.errors import NotAllowed
from bot.limits import Limits
from desk.client_address import client_address
from desk.edge.frames import check_frame
from desk.edge.origins import PUBLIC_URL, is_of_a_site, is_ours
from desk.edge.rates import MESSAGES, check_rate


class SocketIODoor:
    """`sites` are those that may show the widget: pages of theirs may hold one written for Rasa.
    `shared` counts what all processes share, `own` what only this one does."""

    def __init__(self, sites: Sequence[str], *, shared: Limits, own: Limits) -> None:
        self._sites = sites
        self._shared = shared
        self._own = own

    def check_page(self, request: web.Request) -> None:
        """Raise NotAllowed for a page of another site; a program names none."""
        origin = request.headers.get("Origin")
        if origin is None or is_of_a_site(origin, self._sites):
            return
        if not is_ours(origin, request.app[PUBLIC_URL], host=request.host):
            raise NotAllowed(
                "This is for pages of this server and of the sites in 'web.sites'.", code="origin"
            )

    async def check_frame(self, socket_id: str, request: web.Request) -> None:
        await check_frame(self._own, socket_id, client_address(request))

    async def check_message(self, request: web.Request) -> None:
        await check_rate(self._shared, MESSAGES, client_address(request))
