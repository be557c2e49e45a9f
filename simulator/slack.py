"""Slack, simulated: one workspace in which an app is written to, or called in channels.

Limits and errors are Slack's own, as far as a text bot can run into them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from aiohttp import web

from simulator import slack_limits
from simulator.base import Block, Provider, ProviderRequest, Taken
from simulator.picture import JPEG
from simulator.slack_history import History

TEAM, APP, BOT = "T0SHOP", "A0SHOP", "U0WARMLINE"
FILE_PATH = "/files-pri/T0SHOP-F0PICTURE/parcel.jpg"


class Slack(Provider):
    """A customer's address is their direct message's channel, such as "D0ADA"; or a channel, a
    thread and a user: "C0HELP/1700000000.000100/U0ADA"."""

    channel = "slack"
    address = "D0ADA"

    def __init__(self, block: Block, webhook_url: str) -> None:
        super().__init__(block, webhook_url)
        self.history = History()
        self._threads: dict[tuple[str, str], str] = {}  # whoever wrote there last

    def sign(
        self,
        body: bytes,
        *,
        content_type: str = "application/json",
        method: str = "POST",
        query: str = "",
        seconds_ago: float = 0,
    ) -> ProviderRequest:
        at = str(int(time.time() - seconds_ago))
        secret = str(self._block["slack_signing_secret"]).encode()
        signed = hmac.new(secret, f"v0:{at}:".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        return ProviderRequest(method, self._webhook(query), headers, body)

    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        return self._sends(address, {"text": _escaped(text)}, id=id)

    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        room, thread, user = _place(address)
        shown = [taken for taken in self.taken if (title, payload) in taken.buttons]
        ts = shown[-1].id if shown else self._ts()
        container = {"type": "message", "message_ts": ts, "channel_id": room}
        if thread:
            container["thread_ts"] = thread
        action = {
            "action_id": "button_1",
            "block_id": "b1",
            "text": {"type": "plain_text", "text": _escaped(title), "emoji": False},
            "value": payload,
            "type": "button",
            "action_ts": self._ts(),
        }
        content = {
            "type": "block_actions",
            "user": {"id": user, "username": "ada", "name": "ada", "team_id": TEAM},
            "api_app_id": APP,
            "container": {**container, "is_ephemeral": False},
            "trigger_id": self._ids.next(),
            "team": {"id": TEAM, "domain": "shop"},
            "channel": {"id": room, "name": "directmessage"},
            "message": {"type": "message", "user": BOT, "ts": ts},
            "actions": [action],
        }
        body = f"payload={quote_plus(json.dumps(content))}".encode()
        return self.sign(body, content_type="application/x-www-form-urlencoded")

    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        file = {
            "id": "F0PICTURE",
            "name": "parcel.jpg",
            "title": "parcel.jpg",
            "mimetype": "image/jpeg",
            "filetype": "jpg",
            "size": len(JPEG),
            "mode": "hosted",
            "url_private": f"{self._block['api_url']}{FILE_PATH}",
        }
        shared = {"text": _escaped(caption), "subtype": "file_share", "files": [file]}
        return self._sends(address, shared)

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        return None

    def event(self, event: Mapping[str, Any]) -> ProviderRequest:
        """Slack tells of anything that happened."""
        content = {
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{self._ids.next()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "is_ext_shared_channel": False,
        }
        return self.sign(json.dumps(content).encode())

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post("/api/chat.postMessage", self.script.before(self._take)),
            web.get("/api/conversations.history", self.script.before(self._history)),
            web.get("/api/conversations.replies", self.script.before(self._replies)),
            web.get(FILE_PATH, self._download),
        ]

    def _ts(self) -> str:
        began = self._ids.next()
        return f"{began[:10]}.{began[-6:]}"

    def _sends(
        self, address: str, content: Mapping[str, Any], *, id: str | None = None
    ) -> ProviderRequest:
        room, thread, user = _place(address)
        ts = id or self._ts()
        event: dict[str, Any] = {"type": "message", "user": user, "ts": ts, "team": TEAM}
        event |= {"channel": room, "event_ts": ts, "channel_type": "im", **content}
        if thread:
            self._threads[room, thread] = address
            event |= {"type": "app_mention", "thread_ts": thread, "parent_user_id": user}
            event["text"] = f"<@{BOT}> {event['text']}"
            del event["channel_type"]
        return self.event(event)

    def _is_ours(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self._block['slack_token']}"

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if not self._is_ours(request):
            return _not_ok("invalid_auth")
        content = await request.json()
        room, text, blocks = content["channel"], content.get("text", ""), content.get("blocks", [])
        wrong = slack_limits.wrong(content)
        if wrong:
            return _not_ok(wrong)
        ts, thread = self._ts(), content.get("thread_ts")
        message = {"type": "message", "user": BOT, "bot_id": "B0SHOP", "ts": ts, **content}
        self.history.add(message)
        address = self._threads.get((room, thread), f"{room}/{thread}") if thread else room
        shown = (slack_limits.buttons(blocks), slack_limits.image(blocks))
        self.taken.append(Taken(ts, address, _unescaped(text), *shown, content))
        return web.json_response({"ok": True, "channel": room, "ts": ts, "message": message})

    async def _history(self, request: web.Request) -> web.StreamResponse:
        if not self._is_ours(request):
            return _not_ok("invalid_auth")
        return web.json_response(self.history.channel(request.query))

    async def _replies(self, request: web.Request) -> web.StreamResponse:
        if not self._is_ours(request):
            return _not_ok("invalid_auth")
        return web.json_response(self.history.thread(request.query))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if not self._is_ours(request):
            raise web.HTTPFound("https://shop.slack.com/?redir=%2Ffiles-pri")  # to sign in
        return web.Response(body=JPEG, content_type="image/jpeg")


def _not_ok(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})


def _place(address: str) -> tuple[str, str | None, str]:
    """The channel, the thread and the user of an address."""
    if "/" not in address:
        return address, None, f"U{address[1:]}"
    room, thread, user = address.split("/")
    return room, thread, user


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
