"""What each provider says of our account, over HTTP from a provider that answers as told."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from connectors import CONNECTORS
from connectors.standing import STANDINGS, Standing, TokenRefused, Unanswered
from tests.connectors.simulated import serving
from tests.contract.fixtures import fixture

HOOK = "https://chat.shop.example/webhooks/it/webhook"


async def ask(channel: str, content: Any, *, status: int = 200, **keys: str) -> Standing:
    """What comes of this answer of the provider to whatever it is asked."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(content, status=status)

    async with serving([web.route("*", "/{path:.*}", answer)]) as url:
        block = {**fixture(channel)["credentials"], **keys, "api_url": url}
        return await STANDINGS[channel](block)


def test_every_channel_with_a_provider_can_be_asked() -> None:
    assert set(STANDINGS) == set(CONNECTORS) - {"rest", "socketio", "web"}


@pytest.mark.parametrize(
    ("channel", "content", "standing"),
    [
        ("telegram", {"ok": True, "result": {"url": HOOK}}, Standing(HOOK)),
        (
            "telegram",
            {"ok": True, "result": {"url": "", "last_error_message": "Wrong response: 502"}},
            Standing("", "Wrong response: 502"),
        ),
        ("twilio", {"incoming_phone_numbers": [{"sms_url": HOOK}]}, Standing(HOOK)),
        ("twilio", {"incoming_phone_numbers": []}, Standing("")),
        ("slack", {"ok": True}, Standing()),
        ("whatsapp", {"webhook_configuration": {"application": HOOK}}, Standing(HOOK)),
        (
            "whatsapp",
            {"webhook_configuration": {"application": "https://other", "phone_number": HOOK}},
            Standing(HOOK),
        ),
        ("whatsapp", {"id": "1"}, Standing()),
        ("facebook", {"id": "1"}, Standing()),
        ("instagram", {"id": "1"}, Standing()),
    ],
)
async def test_where_messages_go(channel: str, content: Any, standing: Standing) -> None:
    assert await ask(channel, content) == standing


async def test_a_messaging_service_does_not_tell_where_messages_go() -> None:
    assert await ask("twilio", {"sid": "AC1"}, twilio_number=f"MG{'0' * 32}") == Standing()


@pytest.mark.parametrize("channel", sorted(STANDINGS))
async def test_a_refused_token_is_told_without_it(channel: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        await ask(channel, {"ok": False, "error": "invalid_auth"}, status=401)
    secrets = [str(value) for value in fixture(channel)["credentials"].values()]
    assert not any(len(secret) > 5 and secret in str(refused.value) for secret in secrets)


async def test_slack_refuses_with_200() -> None:
    with pytest.raises(TokenRefused, match="invalid_auth"):
        await ask("slack", {"ok": False, "error": "invalid_auth"})


@pytest.mark.parametrize("channel", sorted(STANDINGS))
async def test_a_provider_in_trouble_says_nothing_of_the_token(channel: str) -> None:
    with pytest.raises(Unanswered, match="503"):
        await ask(channel, {}, status=503)
    block = {**fixture(channel)["credentials"], "api_url": "http://127.0.0.1:1"}
    with pytest.raises(Unanswered, match="unreachable"):
        await STANDINGS[channel](block)
