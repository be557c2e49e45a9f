"""Messenger and Instagram: signed events of a page or an account, and the Send API.

Contract: Meta's Messenger Platform, "Webhook Events Reference", "Send API Reference" and "Common
Error Codes"; Instagram Messaging, "Webhooks" and "Send a Message".
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from simulator.base import Block, ProviderRequest, Taken
from simulator.meta import MetaProvider
from simulator.picture import PNG

MOST_QUICK_REPLIES = 13
LONGEST_TITLE = 20  # what is longer is cut off
LONGEST_PAYLOAD = 1_000


class Messenger(MetaProvider):
    """A page's customers on Messenger."""

    channel = "facebook"
    signed_with = "secret"
    subject = "page"
    account = "108204117392465"
    address = "7265301846029913"
    longest = 2_000

    def __init__(self, block: Block, webhook_url: str) -> None:
        super().__init__(block, webhook_url)
        self.actions: list[tuple[str, str]] = []  # (address, what was shown to it)

    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        return self.happens(address, {"message": {"mid": id or self.mid(), "text": text}})

    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        pressed = {"mid": self.mid(), "text": title, "quick_reply": {"payload": payload}}
        return self.happens(address, {"message": pressed})

    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        payload = {"url": f"{self._block['api_url']}/attachments/{self._ids.next()}.png"}
        said = {"mid": self.mid(), "attachments": [{"type": "image", "payload": payload}]}
        return self.happens(
            address, {"message": {**said, **({"text": caption} if caption else {})}}
        )

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        """Reading is told by a time alone, and a failure not at all."""
        if state != "delivered":
            return None
        delivery = {"mids": [taken.id], "watermark": _now()}
        return self.happens(taken.address, {"delivery": delivery})

    def happens(self, address: str, event: Mapping[str, Any]) -> ProviderRequest:
        """Any event of this customer's, as it is posted."""
        at = _now()
        told = {
            "sender": {"id": address},
            "recipient": {"id": self.account},
            "timestamp": at,
            **event,
        }
        entry = {"id": self.account, "time": at, "messaging": [told]}
        return self.sign(json.dumps({"object": self.subject, "entry": [entry]}).encode())

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post("/v23.0/me/messages", self.script.before(self._take)),
            web.get("/attachments/{name}", self.script.before(self._picture)),
        ]

    def mid(self) -> str:
        """A new message's id."""
        return f"m_{self._ids.next()}"

    def length(self, text: str) -> int:
        return len(text)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self._block['page-access-token']}":
            return _refusal(401, "Invalid OAuth access token.", 190)
        said = await request.json()
        address = said["recipient"]["id"]
        if "sender_action" in said:
            self.actions.append((address, said["sender_action"]))
            return web.json_response({"recipient_id": address})
        wrong = self._wrong(said)
        if wrong:
            return _refusal(400, f"(#100) {wrong}", 100)
        taken = _taken(self.mid(), address, said)
        self.taken.append(taken)
        return web.json_response({"recipient_id": address, "message_id": taken.id})

    def _wrong(self, said: Mapping[str, Any]) -> str | None:
        message, replies = said["message"], said["message"].get("quick_replies", [])
        if said.get("messaging_type") not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            return "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"
        if (said["messaging_type"] == "MESSAGE_TAG") != ("tag" in said):
            return "Param tag must be sent with messaging_type MESSAGE_TAG"
        if ("text" in message) == ("attachment" in message):
            return "Must send either text or attachment"
        if message.get("text") == "":
            return "Message cannot be empty, must provide valid attachment or text"
        if self.length(message.get("text", "")) > self.longest:
            return f"Length of param message[text] must be less than or equal to {self.longest}"
        if len(replies) > MOST_QUICK_REPLIES:
            return "Too many elements for field quick_replies"
        if any(not reply["title"] for reply in replies):
            return "Param title must be a non-empty UTF-8 encoded string"
        if any(len(reply["payload"]) > LONGEST_PAYLOAD for reply in replies):
            return "Length of param payload must be less than or equal to 1000"
        return None

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=PNG, content_type="image/png")


class Instagram(Messenger):
    """The customers of an Instagram account."""

    channel = "instagram"
    subject = "instagram"
    account = "17841400926153840"
    address = "1594820736110275"
    longest = 1_000

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        """Only reading is told."""
        if state != "read":
            return None
        return self.happens(taken.address, {"read": {"mid": taken.id}})

    def mid(self) -> str:
        told = f"ig:1:message:{self.account}:{self._ids.next()}"
        return base64.urlsafe_b64encode(told.encode()).decode()

    def length(self, text: str) -> int:
        return len(text.encode())


def _taken(mid: str, address: str, said: Mapping[str, Any]) -> Taken:
    message = said["message"]
    return Taken(
        id=mid,
        address=address,
        text=message.get("text", ""),
        buttons=[
            (reply["title"][:LONGEST_TITLE], reply["payload"])
            for reply in message.get("quick_replies", [])
        ],
        image=message["attachment"]["payload"]["url"] if "attachment" in message else None,
        content=said,
    )


def _refusal(status: int, message: str, code: int) -> web.Response:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Ayk4tR"}
    return web.json_response({"error": error}, status=status)


def _now() -> int:
    return int(time.time() * 1000)
