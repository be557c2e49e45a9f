"""Meta's WhatsApp Cloud API, simulated: one number, its customers, and their messages.

Limits and errors are the API's own. Whether a customer may be written to freely is left to the
script: the real one refuses with `error(131047, ...)`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from simulator.base import Block, ProviderRequest, Taken
from simulator.meta import MetaProvider
from simulator.picture import PNG
from simulator.whatsapp_limits import LimitExceeded, check, error

VERSION = "v23.0"


class WhatsApp(MetaProvider):
    """A customer's address is their business-scoped user id; their number is shown beside it,
    unless `numbers_shown` is off, as it is for people with a username."""

    channel = "whatsapp"
    signed_with = "app_secret"
    address = "GB.13491208655302741918"

    def __init__(self, block: Block, webhook_url: str) -> None:
        super().__init__(block, webhook_url)
        self.typing: list[str] = []  # the messages under which typing was shown
        self.numbers_shown = True

    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        return self._sends(address, {"type": "text", "text": {"body": text}}, id=id)

    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        kind = "list_reply" if payload in self._rows(address) else "button_reply"
        reply = {"type": kind, kind: {"id": payload, "title": title}}
        return self._sends(address, {"type": "interactive", "interactive": reply})

    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        picture = {
            "mime_type": "image/png",
            "sha256": hashlib.sha256(PNG).hexdigest(),
            "id": self._ids.next(),
            **({"caption": caption} if caption else {}),
        }
        return self._sends(address, {"type": "image", "image": picture})

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        status: dict[str, Any] = {
            "id": taken.id,
            "status": state,
            "timestamp": _now(),
            "recipient_user_id": taken.address,
            "biz_opaque_callback_data": taken.content.get("biz_opaque_callback_data"),
        }
        if self.numbers_shown:
            status["recipient_id"] = _number(taken.address)
        if state == "failed":
            status["errors"] = [error(131026, "Message undeliverable")["error"]]
        return self._posts({"statuses": [status]})

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            # When an agent types is nobody's plan: troubles are for messages.
            web.post(
                f"/{VERSION}/{{number}}/messages",
                self.script.before(self._take, spares=_shows_typing),
            ),
            web.get(f"/{VERSION}/{{media}}", self.script.before(self._find_media)),
            web.get("/whatsapp_business/attachments/", self.script.before(self._download)),
        ]

    def _sends(
        self, address: str, content: Mapping[str, Any], *, id: str | None = None
    ) -> ProviderRequest:
        contact: dict[str, Any] = {"profile": {"name": "Ada Lovelace"}, "user_id": address}
        message = {"from_user_id": address, "id": id or f"wamid.{self._ids.next()}"}
        if self.numbers_shown:
            contact["wa_id"] = message["from"] = _number(address)
        message["timestamp"] = _now()
        return self._posts({"contacts": [contact], "messages": [{**message, **content}]})

    def _posts(self, content: Mapping[str, Any]) -> ProviderRequest:
        metadata = {
            "display_phone_number": "442071838750",
            "phone_number_id": self._block["phone_number_id"],
        }
        value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
        entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        return self.sign(json.dumps(body).encode())

    def _rows(self, address: str) -> set[str]:
        """What the lists that this customer got send."""
        lists = [taken.content for taken in self.taken if taken.address == address]
        return {
            row["id"]
            for content in lists
            if content.get("type") == "interactive" and content["interactive"]["type"] == "list"
            for section in content["interactive"]["action"]["sections"]
            for row in section["rows"]
        }

    def _refused(self, request: web.Request) -> web.StreamResponse | None:
        if request.headers.get("Authorization") != f"Bearer {self._block['access_token']}":
            refusal = error(190, "Invalid OAuth access token - Cannot parse access token")
            return web.json_response(refusal, status=401)
        return None

    async def _take(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        if request.match_info["number"] != self._block["phone_number_id"]:
            return web.json_response(error(100, "Unsupported post request"), status=400)
        content = await request.json()
        if content.get("status") == "read":
            if not content["message_id"].startswith("wamid."):
                return web.json_response(error(131009, "Unknown message"), status=400)
            self.typing.append(content["message_id"])
            return web.json_response({"success": True})
        try:
            text, buttons, image = check(content)
        except LimitExceeded as exceeded:
            return web.json_response(error(exceeded.code, str(exceeded)), status=400)
        # A user id in `to` is taken for a number, and nobody has that.
        to = content.get("to")
        address = "".join(filter(str.isdigit, to)) if to else content["recipient"]
        taken = Taken(f"wamid.{self._ids.next()}", address, text, buttons, image, content)
        self.taken.append(taken)
        contact = {"input": to, "wa_id": address} if to else {"input": address, "user_id": address}
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": taken.id}],
        }
        return web.json_response(answer)

    async def _find_media(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        if refused is not None:
            return refused
        media = request.match_info["media"]
        url = request.url.origin().with_path("/whatsapp_business/attachments/")
        answer = {
            "messaging_product": "whatsapp",
            "url": str(url.with_query(mid=media)),
            "mime_type": "image/png",
            "sha256": hashlib.sha256(PNG).hexdigest(),
            "file_size": len(PNG),
            "id": media,
        }
        return web.json_response(answer)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        refused = self._refused(request)
        return refused or web.Response(body=PNG, content_type="image/png")


async def _shows_typing(request: web.Request) -> bool:
    content: dict[str, Any] = await request.json()
    return content.get("status") == "read"


def _number(address: str) -> str:
    """The telephone number of a customer."""
    return f"447700{address[-6:]}"


def _now() -> str:
    return str(int(time.time()))
