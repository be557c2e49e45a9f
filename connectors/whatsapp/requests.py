"""How a message of ours looks on WhatsApp: words, a picture, buttons, a list, or a template.

Contract: WhatsApp Business Platform, Messages API. A customer is called by a telephone number
(`to`) or by a business-scoped user id (`recipient`); an id in `to` is taken for a number, and the
message is lost without an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.messages import Button, OutboundMessage
from connectors.text import numbered, parted, shortened, split

LONGEST_TEXT = 4096
LONGEST_BODY = 1024  # of a message with buttons or a list
LONGEST_CAPTION = 1024
LONGEST_PARAMETER = 1024
MOST_BUTTONS, LONGEST_TITLE, LONGEST_PAYLOAD = 3, 20, 256
MOST_ROWS, LONGEST_ROW, LONGEST_ROW_PAYLOAD = 10, 24, 200
LIST_LABEL = "Choose"  # on what opens a list, and above its rows
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def free_request(outbound: OutboundMessage) -> dict[str, Any]:
    """What to post for a message that a customer may be written to freely."""
    said = _shown(outbound)
    if said.buttons:
        return _request(said, "interactive", _interactive(said))
    if said.image:
        caption = {"caption": said.text} if said.text else {}
        return _request(said, "image", {"link": said.image, **caption})
    return _request(said, "text", {"body": said.text})


def template_request(outbound: OutboundMessage, name: str, language: str) -> dict[str, Any]:
    """What to post when only a template may be sent: all there is to say is its one parameter.

    That must be one line, so buttons are numbered in it and a picture is its address.
    """
    words = f"{numbered(outbound.text, outbound.buttons)} {outbound.image or ''}"
    parameter = {"type": "text", "text": shortened(" ".join(words.split()), LONGEST_PARAMETER)}
    content = {
        "name": name,
        "language": {"code": language},
        "components": [{"type": "body", "parameters": [parameter]}],
    }
    return _request(outbound, "template", content)


def parts(outbound: OutboundMessage) -> Sequence[OutboundMessage]:
    """The message cut to WhatsApp's limits; a picture goes ahead of what does not fit below it."""
    said = _shown(outbound)
    texts = _texts(said)
    below_it = len(texts) == 1 and len(texts[0]) <= LONGEST_CAPTION and not _is_list(said.buttons)
    return parted(said, ["", *texts] if said.image and not below_it else texts)


def _texts(said: OutboundMessage) -> list[str]:
    texts = split(said.text, LONGEST_TEXT)
    if said.buttons:
        end = split(texts[-1], LONGEST_BODY)[-1]
        before = texts.pop().removesuffix(end).rstrip()
        texts += [before, end] if before else [end]
    return texts


def _shown(outbound: OutboundMessage) -> OutboundMessage:
    """The message with its choices numbered in the text, where WhatsApp would not take them: as
    buttons or as a list they must be within limits, and below a text."""
    native = _are_buttons(outbound.buttons) or _is_list(outbound.buttons)
    if not outbound.buttons or (native and outbound.text.strip()):
        return outbound
    return replace(outbound, text=numbered(outbound.text, outbound.buttons).strip(), buttons=())


def _are_buttons(choices: Sequence[Button]) -> bool:
    distinct = len({choice.title for choice in choices}) == len(choices)
    return distinct and _fit(choices, MOST_BUTTONS, LONGEST_TITLE, LONGEST_PAYLOAD)


def _is_list(choices: Sequence[Button]) -> bool:
    return not _are_buttons(choices) and _fit(choices, MOST_ROWS, LONGEST_ROW, LONGEST_ROW_PAYLOAD)


def _fit(choices: Sequence[Button], most: int, longest_title: int, longest_payload: int) -> bool:
    return (
        0 < len(choices) <= most
        and len({choice.payload for choice in choices}) == len(choices)
        and all(choice.title.strip() for choice in choices)
        and all(len(choice.title) <= longest_title for choice in choices)
        and all(0 < len(choice.payload) <= longest_payload for choice in choices)
    )


def _interactive(said: OutboundMessage) -> dict[str, Any]:
    body = {"text": said.text}
    choices = [{"id": button.payload, "title": button.title} for button in said.buttons]
    if _is_list(said.buttons):
        section = {"title": LIST_LABEL, "rows": choices}
        action: dict[str, Any] = {"button": LIST_LABEL, "sections": [section]}
        return {"type": "list", "body": body, "action": action}
    picture = {"type": "image", "image": {"link": said.image}}
    return {
        "type": "button",
        **({"header": picture} if said.image else {}),
        "body": body,
        "action": {"buttons": [{"type": "reply", "reply": choice} for choice in choices]},
    }


def _request(outbound: OutboundMessage, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    address = "recipient" if _USER_ID.fullmatch(outbound.address) else "to"
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        address: outbound.address,
        "biz_opaque_callback_data": outbound.reference,
        "type": kind,
        kind: content,
    }
