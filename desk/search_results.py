"""From a search to the shapes of the API."""

from __future__ import annotations

from datetime import datetime

from bot.records import Message
from bot.searching import Part, snippet, words_of
from bot.store.conversations import ConversationFilter
from bot.store.database import UnitOfWork
from desk import shapes, views
from desk.paging import encode_moment
from desk.search_shapes import FoundLine, SnippetPart


async def found(
    uow: UnitOfWork,
    search: str,
    wanted: ConversationFilter,
    *,
    before: tuple[datetime, str] | None,
    limit: int,
) -> shapes.Conversations:
    """A page of conversations that have the words, each with the line that has them."""
    words = words_of(search)
    hits = await uow.search.page(words, wanted, before=before, limit=limit)
    rows = [hit.conversation for hit in hits]
    lines = await uow.messages.many({hit.message_id for hit in hits if hit.message_id})
    items = [
        shapes.ListedConversation(
            **dict(conversation),
            found=_line(lines.get(hit.message_id or ""), conversation.customer.name, words),
        )
        for hit, conversation in zip(hits, await views.conversations(uow, rows), strict=True)
    ]
    full = len(rows) == limit
    following = encode_moment(rows[-1].updated_at, rows[-1].id) if full else None
    return shapes.Conversations(items=items, next=following)


def _line(message: Message | None, name: str, words: tuple[str, ...]) -> FoundLine:
    return FoundLine(
        message_id=message.id if message else None,
        author=message.author if message else None,
        private=message.private if message else False,
        parts=[_part(each) for each in snippet(message.text if message else name, words)],
    )


def _part(part: Part) -> SnippetPart:
    return SnippetPart(text=part.text, hit=part.hit)
