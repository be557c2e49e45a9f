"""Twilio's messaging, simulated: what customers write is posted as forms that Twilio signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from simulator.base import Block, Provider, ProviderRequest, Taken
from simulator.twilio_messages import Messages

FORM = "application/x-www-form-urlencoded"
_OBEYED: Mapping[str, str] = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "STOP"
    ),
    **dict.fromkeys(("START", "UNSTOP", "YES"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}
_STATES = {"delivered": "delivered", "read": "read", "failed": "undelivered"}


class Twilio(Provider):
    """One account with one sender: the telephone number or messaging service of the block."""

    channel = "twilio"
    address = "+447700900123"

    def __init__(self, block: Block, webhook_url: str) -> None:
        super().__init__(block, webhook_url)
        self._messages = Messages(block, self._ids, self.taken, self.script)
        self._account: str = block["account_sid"]
        self._token: str = block["auth_token"]
        sender: str = block["twilio_number"]
        self._number = sender if sender.startswith("+") else "+447700900999"
        # Only of a service does Twilio say what it is, and which words it has obeyed.
        self._service = {} if sender == self._number else {"MessagingServiceSid": sender}

    def sign(
        self, body: bytes, *, content_type: str = FORM, method: str = "POST", query: str = ""
    ) -> ProviderRequest:
        covered = ""
        if content_type == FORM:
            covered = _covered(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        else:
            proof = f"bodySHA256={hashlib.sha256(body).hexdigest()}"
            query = f"{query}&{proof}" if query else proof
        url = self._webhook(query)
        mac = hmac.new(self._token.encode(), f"{url}{covered}".encode(), hashlib.sha1)
        signature = base64.b64encode(mac.digest()).decode()
        headers = {"Content-Type": content_type, "X-Twilio-Signature": signature}
        return ProviderRequest(method, url, headers, body)

    def says(self, address: str, text: str, *, id: str | None = None) -> ProviderRequest:
        obeyed = _OBEYED.get(text.strip().upper())
        if obeyed == "STOP":
            self._messages.opted_out.add(address)
        elif obeyed == "START":
            self._messages.opted_out.discard(address)
        told = {"OptOutType": obeyed} if obeyed and self._service else {}
        return self._received(id or self._messages.new_sid("SM"), address, text, told)

    def presses(self, address: str, title: str, payload: str) -> ProviderRequest:
        for taken in reversed(self.taken):
            for shown, number in taken.buttons:
                if taken.address == address and shown == title:
                    return self.says(address, number)
        raise LookupError(f"nothing that {address} was sent has a button '{title}'")

    def sends_picture(self, address: str, caption: str = "") -> ProviderRequest:
        sid = self._messages.new_sid("MM")
        media = {"MediaUrl0": self._messages.media_url(sid), "MediaContentType0": "image/png"}
        return self._received(sid, address, caption, {"NumMedia": "1", **media})

    def reports(self, taken: Taken, state: str) -> ProviderRequest | None:
        """Twilio says nothing of a message that was sent without a StatusCallback."""
        if "StatusCallback" not in taken.content:
            return None
        status = _STATES[state]
        return self._posted(
            {
                "SmsSid": taken.id,
                "SmsStatus": status,
                "MessageStatus": status,
                **({"ErrorCode": "30003"} if state == "failed" else {}),
                "To": taken.address,
                **self._service,
                "MessageSid": taken.id,
                "AccountSid": self._account,
                "From": self._number,
                "ApiVersion": "2010-04-01",
            }
        )

    def routes(self) -> Sequence[web.RouteDef]:
        return self._messages.routes()

    def _received(
        self, sid: str, address: str, text: str, more: Mapping[str, str]
    ) -> ProviderRequest:
        return self._posted(
            {
                "ToCountry": "GB",
                "ToState": "",
                "SmsMessageSid": sid,
                "NumMedia": "0",
                "ToCity": "",
                "FromZip": "",
                "SmsSid": sid,
                "FromState": "",
                "SmsStatus": "received",
                "FromCity": "",
                "Body": text,
                "FromCountry": "GB",
                "To": self._number,
                **self._service,
                "ToZip": "",
                "NumSegments": "1",
                "MessageSid": sid,
                "AccountSid": self._account,
                "From": address,
                "ApiVersion": "2010-04-01",
                **more,
            }
        )

    def _posted(self, form: Mapping[str, str]) -> ProviderRequest:
        return self.sign(urlencode(form).encode())


def _covered(form: Sequence[tuple[str, str]]) -> str:
    """What is signed of a form: each name with its distinct values, all in order."""
    covered = ""
    for name in sorted({name for name, _ in form}):
        values = sorted({value for other, value in form if other == name})
        covered += name + name.join(values)
    return covered
