"""How what a customer sent or did beside words reads in a transcript."""

from __future__ import annotations

from bot.messages import Attachment, InboundMessage
from bot.text import clean, clean_or_empty

KINDS = {
    "image": "a picture",
    "audio": "a voice message",
    "video": "a video",
    "file": "a file",
    "sticker": "a sticker",
    "location": "a location",
    "contact": "a contact",
}
DELETED = "Deleted by the customer."
LONGEST_QUOTE = 80
LONGEST_NAME = 200


def in_words(inbound: InboundMessage, *, field: str) -> str:
    """The line's text. Raises InvalidInput, naming `field`, for a text that cannot be read."""
    if inbound.kind == "deletion":
        return "Deleted a message."
    if inbound.kind == "reaction":
        emoji = clean_or_empty(inbound.text, field=field)
        return f"Reacted with {emoji}." if emoji else "Took a reaction back."
    if inbound.kind == "edit":
        return f"Corrected a message: {clean(inbound.text, field=field)}"
    if not inbound.attachments:
        return clean(inbound.text, field=field)
    return clean_or_empty(inbound.text, field=field) or described(inbound.attachments)


def quoting(words: str, about: str) -> str:
    """The same words, with the beginning of the message that they are about."""
    line = " ".join(about.split())
    shown = line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
    return f"{words.removesuffix('.')}: “{shown}”"


def described(attachments: tuple[Attachment, ...]) -> str:
    """What was sent, for a message without words."""
    return "\n".join(f"Sent {_named(attachment)}." for attachment in attachments)


def _named(attachment: Attachment) -> str:
    kind = KINDS[attachment.kind]
    name = clean_or_empty((attachment.name or "")[:LONGEST_NAME], field="name")
    if attachment.latitude is not None and attachment.longitude is not None:
        place = f"{attachment.latitude:.5f}, {attachment.longitude:.5f}"
        return f"{kind}: {name} ({place})" if name else f"{kind}: {place}"
    return f"{kind}: {name}" if name else kind
