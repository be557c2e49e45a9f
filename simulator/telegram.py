"""Telegram's Bot API, simulated: one bot in private chats, each with a customer.

Limits and errors are the API's own, as far as a text bot can run into them.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from simulator.base import Block, Provider, ProviderRequest, Taken
from simulator.picture import JPEG
from simulator.telegram_limits import refusal

PICTURE_PATH = "photos/file_1.jpg"


class Telegram(Provider):
    """A customer's address is their chat's number."""

    channel = "telegram"
    address = "5012345678"

    def __init__(self, block: Block, webhook_url: str) -> None:
        super().__init__(block, webhook_url)
        self.typing: list[str] = []  # the chats that typing was shown in
        self.acknowledged: list[str] = []  # the pressed buttons that were answered

    def sign(
        self,
        body: bytes,
        *,
        content_type: str = "application/json",
        method: str = "POST",
        query: str = "",
    ) -> ProviderRequest:
        """Telegram proves itself by a secret alone, which says nothing of the body."""
        headers = {
            "Content-Type": content_type,
            "X-Telegram-Bot-Api-Secret-Token": str(self._block["secret_token"]),
        }
        return ProviderRequest(method, self._webhook(query), headers, body)

    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        return self._sends(address, {"text": text}, id=id)

    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        shown = [taken for taken in self.taken if (title, payload) in taken.buttons]
        message: dict[str, Any] = {
            "message_id": int(shown[-1].id) if shown else int(self._ids.next()),
            "from": {"id": 110201543, "is_bot": True, "first_name": "Shop"},
            "chat": _chat(address),
            "date": int(time.time()),
            "text": shown[-1].text if shown else "",
            "reply_markup": {"inline_keyboard": [[{"text": title, "callback_data": payload}]]},
        }
        query = {
            "id": self._ids.next(),
            "from": _user(address),
            "message": message,
            "chat_instance": "-3867251462914735025",
            "data": payload,
        }
        return self._posts({"callback_query": query})

    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        sizes = [
            {
                "file_id": f"AgACAgIAAxkBAAI{width}",
                "file_unique_id": f"AQADsize{width}",
                "width": width,
                "height": width,
                "file_size": len(JPEG),
            }
            for width in (90, 320)
        ]
        said = {"caption": caption} if caption else {}
        return self._sends(address, {"photo": sizes, **said})

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        return None

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post("/bot{token}/{method}", self.script.before(self._called)),
            web.get("/file/bot{token}/{path:.+}", self._download),
        ]

    def _sends(
        self, address: str, content: Mapping[str, Any], *, id: str | None = None
    ) -> ProviderRequest:
        message = {
            "message_id": _number(id or self._ids.next()),
            "from": _user(address),
            "chat": _chat(address),
            "date": int(time.time()),
            **content,
        }
        return self._posts({"message": message}, id=id)

    def _posts(self, content: Mapping[str, Any], *, id: str | None = None) -> ProviderRequest:
        update = {"update_id": _number(id or self._ids.next()), **content}
        return self.sign(json.dumps(update).encode())

    async def _called(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._block["access_token"]:
            return _refused(401, "Unauthorized")
        content = await request.json()
        match request.match_info["method"]:
            case "sendMessage" | "sendPhoto":
                return self._take(content)
            case "sendChatAction":
                self.typing.append(str(content["chat_id"]))
                return _done(True)
            case "answerCallbackQuery":
                self.acknowledged.append(content["callback_query_id"])
                return _done(True)
            case "getFile":
                return self._find_file(content["file_id"])
        return _refused(404, "Not Found")

    def _take(self, content: Mapping[str, Any]) -> web.StreamResponse:
        address, image = str(content.get("chat_id")), content.get("photo")
        text = str(content.get("caption" if image else "text", ""))
        rows = content.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [(button["text"], button["callback_data"]) for row in rows for button in row]
        wrong = refusal(address, text, buttons, image)
        if wrong:
            return _refused(400, f"Bad Request: {wrong}")
        taken = Taken(self._ids.next(), address, text, buttons, image, content)
        self.taken.append(taken)
        message = {"message_id": int(taken.id), "chat": _chat(address), "date": int(time.time())}
        return _done(message)

    def _find_file(self, file_id: str) -> web.StreamResponse:
        if not file_id.startswith("AgAC"):
            return _refused(400, "Bad Request: invalid file_id")
        return _done({"file_id": file_id, "file_size": len(JPEG), "file_path": PICTURE_PATH})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        known = (self._block["access_token"], PICTURE_PATH)
        if (request.match_info["token"], request.match_info["path"]) != known:
            return _refused(404, "Not Found")
        return web.Response(body=JPEG, content_type="application/octet-stream")


def error(status: int, description: str, **parameters: object) -> dict[str, Any]:
    """How Telegram says no; `parameters` are what it adds for programs, such as `retry_after`."""
    content: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return {**content, "parameters": parameters} if parameters else content


def _refused(status: int, description: str) -> web.Response:
    return web.json_response(error(status, description), status=status)


def _done(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _number(id: str) -> int:
    """An id as the number that all of Telegram's are."""
    return int(id) if id.isdecimal() else zlib.crc32(id.encode())


def _user(address: str) -> dict[str, Any]:
    name = {"first_name": "Ada", "last_name": "Lovelace", "language_code": "en"}
    return {"id": int(address), "is_bot": False, **name}


def _chat(address: str) -> dict[str, Any]:
    name = {"first_name": "Ada", "last_name": "Lovelace"}
    return {"id": int(address), **name, "type": "private"}
