"""How customers are told to get to a channel with a code."""

from __future__ import annotations

import pytest

from bot.messages import ReachableConnector
from connectors import connected
from simulator.demo import simulated

BLOCKS = simulated("a secret of the test's own, long enough", 8080)
CODE = "WL-7KQ3-M9XD"


@pytest.mark.parametrize(
    ("channel", "more", "wanted"),
    [
        ("twilio", {}, ("SMS", "+15005550006", f"sms:+15005550006?body={CODE}")),
        ("twilio", {"twilio_number": "MG0123456789abcdef"}, ("SMS", None, None)),
        (
            "whatsapp",
            {},
            ("WhatsApp", "+1 500 555 0007", f"https://wa.me/15005550007?text={CODE}"),
        ),
        ("whatsapp", {"display_number": ""}, ("WhatsApp", None, None)),
        (
            "telegram",
            {"bot_name": "@shop_bot"},
            ("Telegram", "@shop_bot", f"https://t.me/shop_bot?start={CODE}"),
        ),
        ("facebook", {"page_id": "1082"}, ("Messenger", None, "https://m.me/1082")),
        ("facebook", {}, ("Messenger", None, None)),
    ],
)
def test_its_name_our_address_and_a_link(
    channel: str, more: dict[str, str], wanted: tuple[str, str | None, str | None]
) -> None:
    connector = connected({channel: {**BLOCKS[channel], **more}})[channel]
    assert isinstance(connector, ReachableConnector)
    reach = connector.reach(CODE)
    assert (reach.name, reach.address, reach.url) == wanted
