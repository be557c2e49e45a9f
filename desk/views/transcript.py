"""A line of a transcript, as the API shows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot import records
from bot.clock import iso
from desk import shapes
from desk.routes import API


def message(
    row: records.Message, *, reader: str = "agent", delivery: records.Delivery | None = None
) -> shapes.Message:
    """`reader` is whose own messages carry the id that their page gave them."""
    # An external id is "sender:id their page gave".
    own = row.external_id if row.author == reader else None
    return shapes.Message(
        id=row.id,
        seq=row.seq,
        turn_id=row.turn_id,
        author=row.author,
        author_name=row.author_name,
        text=row.text,
        buttons=[shapes.Button(**button) for button in row.buttons],
        channel=row.channel,
        created_at=iso(row.created_at),
        in_reply_to=row.in_reply_to,
        private=row.private,
        client_id=own.rpartition(":")[2] if own else None,
        event=row.data.get("event"),
        about=row.data.get("about"),
        image=row.image,
        attachments=[
            _attachment(row.id, number, each, reader) for number, each in enumerate(row.attachments)
        ],
        delivery=shapes.Delivery(state=delivery.state, error=delivery.error) if delivery else None,
    )


def _attachment(
    message_id: str, number: int, attachment: dict[str, Any], reader: str
) -> shapes.Attachment:
    to_fetch = attachment.get("reference") and reader == "agent"
    shown: dict[str, Any] = {**attachment}
    shown.pop("reference", None)
    # The widget is a page of this server, by whichever name it was reached.
    link = urlsplit(shown.pop("link", None) or "").path or None
    return shapes.Attachment(
        **shown,
        url=f"{API}/messages/{message_id}/attachments/{number}" if to_fetch else link,
    )
