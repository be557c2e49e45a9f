"""Telegram's Bot API: updates come by webhook, messages go out as calls of its methods.

Contract: Telegram, "Bot API" and "Bots FAQ". The bot's token is a part of every URL, so that no URL
may stand in an error or a log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.errors import AnswerLost, NotFound, NotNow, Refused, SetupError, TooLarge
from bot.messages import (
    Attachment,
    Delivery,
    InboundMessage,
    Limit,
    Media,
    OutboundMessage,
    Reach,
    Receipt,
    WebhookRequest,
)
from connectors.base import Block, api_url, check_block, check_proof, json_object, require
from connectors.fields import LeftOut, count, mapping, number, words
from connectors.http import TOO_MANY, Answer, ProviderClient, accepted
from connectors.media import download, origin
from connectors.telegram import updates
from connectors.text import numbered, parted, split, utf8, utf16

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
# Telegram tells of characters, and what it counts has been seen both ways: these are never fewer.
MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_DATA = 64  # bytes
_TOKEN = re.compile(r"[A-Za-z0-9:_-]+")  # it is a part of every URL
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
# Telegram has one status for many reasons, and says them in words.
_REASONS = (
    ("blocked by the user", "blocked"),
    ("deactivated", "deactivated"),
    ("chat not found", "chat_not_found"),
    ("too long", "too_long"),
    ("file is too big", "file_too_big"),
    ("http url", "picture"),  # which Telegram itself could not fetch, or not use
    ("web page content", "picture"),
)


class TelegramConnector:
    """A bot in private chats. Nothing tells what became of a message, nor finds one again."""

    name = "telegram"
    delivery: Delivery = "push"
    repeatable = False
    limit: Limit | None = Limit(messages_a_second=30, burst=30)

    def __init__(
        self, *, access_token: str, secret_token: str, bot_name: str | None, api_url: str
    ) -> None:
        self._bot_name = bot_name
        self._secret = secret_token
        self._methods = f"{api_url}/bot{access_token}"
        self._files = f"{api_url}/file/bot{access_token}"
        self._host = origin(api_url)
        self._client = ProviderClient()

    @classmethod
    def from_credentials(cls, block: Block) -> TelegramConnector:
        keys = ("access_token", "secret_token", "bot_name", "api_url")
        check_block(cls.name, block, dict.fromkeys(keys, str))
        return cls(
            access_token=_shaped(block, "access_token", _TOKEN, "Copy it from @BotFather."),
            secret_token=_shaped(
                block,
                "secret_token",
                _SECRET_TOKEN,
                "Make one of 1 to 256 letters A-Z and a-z, digits, _ and -, and set the webhook "
                "with it.",
            ),
            bot_name=block.get("bot_name") or None,
            api_url=api_url(cls.name, block, "https://api.telegram.org"),
        )

    def reach(self, code: str) -> Reach:
        if self._bot_name is None:
            return Reach("Telegram")
        name = self._bot_name.lstrip("@")
        return Reach("Telegram", f"@{name}", f"https://t.me/{quote(name)}?start={quote(code)}")

    def verify(self, request: WebhookRequest) -> None:
        check_proof(request.headers.get(SECRET), self._secret)

    def parse(self, request: WebhookRequest) -> list[InboundMessage]:
        return updates.messages(self.name, json_object(request.body))

    async def acknowledge(self, request: WebhookRequest) -> None:
        """A pressed button shows a clock until its query is answered."""
        query = words(mapping(json_object(request.body).get("callback_query")).get("id"))
        if query:
            await self._call("answerCallbackQuery", {"callback_query_id": query})

    async def send(self, outbound: OutboundMessage) -> Receipt:
        shown = _shown(outbound)
        content: dict[str, Any] = {"chat_id": shown.address}
        if shown.buttons:
            keyboard = [[{"text": b.title, "callback_data": b.payload}] for b in shown.buttons]
            content["reply_markup"] = {"inline_keyboard": keyboard}
        if shown.image is None:
            answer = await self._call("sendMessage", {**content, "text": shown.text})
        else:
            content |= {"photo": shown.image, "caption": shown.text}
            answer = await self._call("sendPhoto", content)
        return Receipt("sent", provider_id=_provider_id(shown.address, _result(answer)))

    def parts(self, outbound: OutboundMessage) -> Sequence[OutboundMessage]:
        """Below a picture there is less room: a long text follows it in messages of its own."""
        shown = _shown(outbound)
        if utf16(shown.text) <= (MOST_CAPTION if shown.image else MOST_TEXT):
            return [shown]
        texts = split(shown.text, MOST_TEXT, measure=utf16)
        return parted(shown, ["", *texts] if shown.image else texts)

    async def show_typing(self, address: str, external_id: str) -> None:
        await self._call("sendChatAction", {"chat_id": address, "action": "typing"})

    async def fetch(self, attachment: Attachment) -> Media:
        """Where a file is has to be asked for: the place is good for an hour."""
        try:
            answer = await self._call("getFile", {"file_id": attachment.reference or ""})
            path = words(_result(answer).get("file_path"))
        except AnswerLost as error:
            raise NotNow(error.code) from error
        except Refused as error:
            if error.code == "file_too_big":
                raise TooLarge("Telegram gives a bot no file of more than 20 MB.") from error
            raise NotFound("Telegram no longer has the attachment.") from error
        media = await download(self._client, f"{self._files}/{quote(path)}", hosts=[self._host])
        # The file server calls everything bytes; what it is was told in the message.
        return replace(media, content_type=attachment.content_type or media.content_type)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _call(self, method: str, content: Mapping[str, Any]) -> Answer:
        return await self._client.post(f"{self._methods}/{method}", json=content)


def _shaped(block: Block, key: str, shape: re.Pattern[str], cure: str) -> str:
    value = require(TelegramConnector.name, block, key)
    if not shape.fullmatch(value):
        where = f"credentials.yml, key 'telegram.{key}'"
        raise SetupError("this cannot be one of Telegram's", where=where, cure=cure)
    return value


def _shown(outbound: OutboundMessage) -> OutboundMessage:
    """The message with buttons that Telegram takes, or with numbered text in their place."""
    if all(0 < utf8(button.payload) <= MOST_DATA for button in outbound.buttons):
        return outbound
    return replace(outbound, text=numbered(outbound.text, outbound.buttons), buttons=())


def _result(answer: Answer) -> Mapping[str, Any]:
    """What a method came to. Raises Refused, NotNow or AnswerLost."""
    content = mapping(answer.content)
    code = f"http_{answer.status}"
    if answer.status == TOO_MANY:
        # It does not say whose limit it was. Ours for the whole bot is kept to, so it was most
        # likely the chat's, of one message a second: other customers need not wait for it.
        told = mapping(content.get("parameters")).get("retry_after")
        raise NotNow(code, retry_after=float(count(told) or 0) or answer.retry_after)
    if answer.status in (404, 409):
        raise NotNow(code)  # the token is no longer good, as with a 401: that can be mended
    if answer.status in (400, 403):
        said = words(content.get("description")).lower()
        raise Refused(next((reason for part, reason in _REASONS if part in said), code))
    content = accepted(answer)
    if content.get("ok") is not True:
        raise AnswerLost("unreadable_answer")
    return mapping(content.get("result"))


def _provider_id(chat: str, result: Mapping[str, Any]) -> str | None:
    try:
        return updates.provider_id(chat, number(result.get("message_id")))
    except LeftOut:
        return None
