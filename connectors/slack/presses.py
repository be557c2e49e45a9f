"""Reading what Slack posts when somebody presses a button.

Contract: Slack, "Interactivity", payload `block_actions`: a form whose field `payload` is JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import InboundMessage
from connectors.base import leave_out
from connectors.fields import LeftOut, identifier, mapping, mappings, words
from connectors.slack.markup import unescaped
from connectors.slack.message import CLAIM, address, message_id


def messages(channel: str, content: Mapping[str, Any]) -> list[InboundMessage]:
    """Every button that was pressed."""
    found = []
    for action in mappings(content.get("actions")):
        try:
            found.append(_pressed(channel, content, action))
        except LeftOut as why:
            leave_out(channel, str(why))
    return found


def _pressed(channel: str, content: Mapping[str, Any], action: Mapping[str, Any]) -> InboundMessage:
    container, message = mapping(content.get("container")), mapping(content.get("message"))
    payload = words(action.get("value"))
    if action.get("type") != "button" or not payload:
        raise LeftOut("action")  # of something that we do not send
    room = identifier(container.get("channel_id") or mapping(content.get("channel")).get("id"))
    ts = container.get("message_ts") or message.get("ts")
    user = identifier(mapping(content.get("user")).get("id"))
    thread = container.get("thread_ts") or message.get("thread_ts") or ts
    pressed = f"{message_id(room, ts)}:{user}:{identifier(action.get('action_ts'))}"
    return InboundMessage(
        channel=channel,
        address=address(room, thread, user),
        external_id=identifier(pressed),
        text=unescaped(words(mapping(action.get("text")).get("text"))) or payload,
        payload=payload,
        claim=CLAIM,
    )
