"""Twilio's Messages resource, simulated: messages are created and listed, and media fetched."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from aiohttp import BasicAuth, web

from simulator.base import Block, Ids, Script, Taken
from simulator.picture import PNG

_MOST_CHARACTERS = 1600
_OPTION = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_WORDS: Mapping[int, str] = {
    20003: "Authenticate",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' or 'MessagingServiceSid' parameter is required.",
    21606: "The 'From' number is not a valid, message-capable Twilio phone number.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


class Messages:
    """The messages of one account, which has one sender: `taken` is added to as they are created.
    `opted_out` are who wrote STOP."""

    def __init__(self, block: Block, ids: Ids, taken: list[Taken], script: Script) -> None:
        self.opted_out: set[str] = set()
        self._ids = ids
        self._taken = taken
        self._script = script
        self._block = block
        self._account: str = block["account_sid"]
        self._sender: str = block["twilio_number"]
        self._proof = BasicAuth(self._account, block["auth_token"]).encode()
        self._path = f"/2010-04-01/Accounts/{self._account}/Messages"
        self._resources: list[dict[str, Any]] = []

    def new_sid(self, kind: str) -> str:
        return f"{kind}{self._ids.next():0>32}"

    def media_url(self, sid: str) -> str:
        """Where a picture is to be had that came with a message."""
        return self._at(f"{self._path}/{sid}/Media/{self.new_sid('ME')}")

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.post(f"{self._path}.json", self._script.before(self._create)),
            web.get(f"{self._path}.json", self._script.before(self._list)),
            web.get(self._path + "/{message}/Media/{media}", self._script.before(self._media)),
            web.get("/media/{media}", self._stored_media),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        code = self._wrong_with(request, form)
        if code is not None:
            return _refusal(code)
        resource = self._resource(form)
        self._resources.append(resource)
        sid, text = resource["sid"], form.get("Body", "")
        options = [(title, number) for number, title in _OPTION.findall(text)]
        self._taken.append(Taken(sid, form["To"], text, options, form.get("MediaUrl"), form))
        return web.json_response(resource, status=201)

    def _wrong_with(self, request: web.Request, form: Mapping[str, str]) -> int | None:
        """Twilio's code for what is wrong with a message; the first counts."""
        body, to = form.get("Body", ""), form.get("To", "")
        sender = form.get("MessagingServiceSid") or form.get("From")
        wrong = {
            20003: not self._knows(request),
            21211: not re.fullmatch(r"\+[1-9][0-9]{6,14}", to),
            21603: not sender,
            21606: sender != self._sender,
            21602: not body and "MediaUrl" not in form,
            21617: len(body.encode("utf-16-le")) // 2 > _MOST_CHARACTERS,
            21610: to in self.opted_out,
        }
        return next((code for code, is_so in wrong.items() if is_so), None)

    def _resource(self, form: Mapping[str, str]) -> dict[str, Any]:
        sid, now = self.new_sid("SM"), format_datetime(datetime.now(timezone.utc))
        return {
            "account_sid": self._account,
            "api_version": "2010-04-01",
            "body": form.get("Body", ""),
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_media": "1" if "MediaUrl" in form else "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "queued" if "From" in form else "accepted",
            "subresource_uris": {"media": f"{self._path}/{sid}/Media.json"},
            "to": form["To"],
            "uri": f"{self._path}/{sid}.json",
        }

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _refusal(20003)
        wanted = [
            resource
            for resource in reversed(self._resources)
            if request.query.get("To") in (None, resource["to"])
        ]
        size = int(request.query.get("PageSize", 50))
        page = {"messages": wanted[:size], "page": 0, "page_size": size, "next_page_uri": None}
        return web.json_response(page)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _refusal(20003)
        raise web.HTTPTemporaryRedirect(self._at(f"/media/{request.match_info['media']}"))

    async def _stored_media(self, request: web.Request) -> web.StreamResponse:
        """The storage has its proof in the URL, and refuses a second one."""
        if "Authorization" in request.headers:
            return web.Response(status=400)
        return web.Response(body=PNG, content_type="image/png")

    def _at(self, path: str) -> str:
        return str(self._block["api_url"]).rstrip("/") + path

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.headers.get("Authorization", ""), self._proof)


def _refusal(code: int) -> web.Response:
    status = 401 if code == 20003 else 400
    more = f"https://www.twilio.com/docs/errors/{code}"
    content = {"code": code, "message": _WORDS[code], "more_info": more, "status": status}
    return web.json_response(content, status=status)
