"""How an account stands with its provider: whether its token is taken, and where messages go.

Asked by `warmline doctor`, with one or two cheap reads a provider and nothing changed. No token may
stand in what is raised: of Telegram's it is a part of the URL.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import SendFailed
from connectors.base import Block, api_url
from connectors.fields import mapping, mappings, words
from connectors.http import Answer, ProviderClient
from connectors.messenger.platform import VERSION as GRAPH
from connectors.twilio.connector import API as TWILIO
from connectors.whatsapp.connector import API as META

REFUSED = (400, 401, 403, 404)


class TokenRefused(Exception):
    """The provider's own code for it."""


class Unanswered(Exception):
    """It could not be reached, or has other troubles."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`callback` is where the provider sends messages, empty for nowhere and None where it does not
    tell; `trouble` what it says of its last try."""

    callback: str | None = None
    trouble: str = ""


async def _telegram(client: ProviderClient, block: Block) -> Standing:
    api = api_url("telegram", block, "https://api.telegram.org")
    answer = await client.get(f"{api}/bot{block['access_token']}/getWebhookInfo")
    told = mapping(_accepted(answer).get("result"))
    return Standing(words(told.get("url")), words(told.get("last_error_message")))


async def _twilio(client: ProviderClient, block: Block) -> Standing:
    account, sender = block["account_sid"], block["twilio_number"]
    headers = {"Authorization": aiohttp.BasicAuth(account, block["auth_token"]).encode()}
    url = f"{api_url('twilio', block, TWILIO)}/2010-04-01/Accounts/{account}"
    if not sender.startswith("+"):
        _accepted(await client.get(f"{url}.json", headers=headers))
        return Standing()  # a messaging service has its address elsewhere
    answer = await client.get(
        f"{url}/IncomingPhoneNumbers.json", query={"PhoneNumber": sender}, headers=headers
    )
    numbers = mappings(_accepted(answer).get("incoming_phone_numbers"))
    return Standing(next((words(one.get("sms_url")) for one in numbers), ""))


async def _slack(client: ProviderClient, block: Block) -> Standing:
    url = f"{api_url('slack', block, 'https://slack.com')}/api/auth.test"
    headers = {"Authorization": f"Bearer {block['slack_token']}"}
    told = _accepted(await client.post(url, json={}, headers=headers))
    if not told.get("ok"):
        raise TokenRefused((words(told.get("error")) or "no")[:40])
    return Standing()  # where events go is told only to a token of the app's owner


async def _whatsapp(client: ProviderClient, block: Block) -> Standing:
    url = f"{api_url('whatsapp', block, META)}/{GRAPH}/{block['phone_number_id']}"
    told = _accepted(
        await client.get(
            url,
            query={"fields": "id,webhook_configuration"},
            headers={"Authorization": f"Bearer {block['access_token']}"},
        )
    )
    hooks = mapping(told.get("webhook_configuration"))
    # The number's own address wins over its account's, and that over the app's.
    kinds = ("phone_number", "whatsapp_business_account", "application")
    return Standing(next((found for kind in kinds if (found := words(hooks.get(kind)))), None))


async def _page(client: ProviderClient, block: Block) -> Standing:
    url = f"{api_url('facebook', block, META)}/{GRAPH}/me"
    headers = {"Authorization": f"Bearer {block['page-access-token']}"}
    _accepted(await client.get(url, query={"fields": "id"}, headers=headers))
    return Standing()  # the address belongs to the app, whose token we do not have


_ASK: Mapping[str, Callable[[ProviderClient, Block], Awaitable[Standing]]] = {
    "facebook": _page,
    "instagram": _page,
    "slack": _slack,
    "telegram": _telegram,
    "twilio": _twilio,
    "whatsapp": _whatsapp,
}


def _asking(channel: str) -> Callable[[Block], Awaitable[Standing]]:
    async def ask(block: Block) -> Standing:
        async with aclosing(ProviderClient()) as client:
            try:
                return await _ASK[channel](client, block)
            except SendFailed as error:
                raise Unanswered(error.code) from None

    return ask


STANDINGS = {channel: _asking(channel) for channel in _ASK}


def _accepted(answer: Answer) -> dict[str, Any]:
    if answer.status in REFUSED:
        raise TokenRefused(f"HTTP {answer.status}")
    if answer.status != 200 or not isinstance(answer.content, dict):
        raise Unanswered(f"HTTP {answer.status}")
    return answer.content
