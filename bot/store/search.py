"""Which conversations have all of some words in one of their messages, or in the customer's name.

The databases keep their indexes themselves, so no write can forget to, and what is erased is out of
them at once: PostgreSQL's is an index on an expression of `messages`, SQLite's an FTS5 table behind
triggers (migrations/versions/0013_inbox.py). Lines of the program's own are left out: everybody's
conversation has those. Capitals beyond ASCII are found by their small letters as far as the
database's locale knows them, which "C" does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Conversation
from bot.store.conversations import COLUMNS, ConversationFilter, read_conversation
from bot.store.tables import conversations, customers

# The messages that have the words. Ids rise with time, so the greatest of one is its newest.
_HITS_SQLITE = (
    sa.text(
        "SELECT conversation_id, message_id FROM search_rows"
        " WHERE id IN (SELECT rowid FROM search_words WHERE search_words MATCH :wanted)"
        ""
    )
    .columns(conversation_id=sa.String, message_id=sa.String)
    .subquery("hits")
)
# The expression is the index's: words it does not share with it, it would not find.
_HITS = (
    "SELECT conversation_id, id AS message_id FROM messages"
    " WHERE author {} AND to_tsvector('simple', regexp_replace(text,"
    r" '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g'))"
    " @@ to_tsquery('simple', :wanted)"
)
_HITS_POSTGRESQL, _CUSTOMERS_POSTGRESQL = (
    sa.text(_HITS.format(author))
    .columns(conversation_id=sa.String, message_id=sa.String)
    .subquery("hits")
    for author in ("<> 'system'", "= 'customer'")  # an index each
)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation, and its newest message that has the words; None where the name has them."""

    conversation: Conversation
    message_id: str | None


def messages_with(words: Sequence[str], dialect: str) -> sa.Select[Any]:
    """The ids of customers' messages that have all of these words, for another query to narrow by;
    on SQLite of others' too, which no turn is of."""
    on_sqlite = dialect == "sqlite"
    hits = _HITS_SQLITE if on_sqlite else _CUSTOMERS_POSTGRESQL
    asked = _fts5(words) if on_sqlite else _tsquery(words)
    return sa.select(hits.c.message_id).params(wanted=asked)


class Search:
    """Reads the indexes of `messages`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self,
        words: Sequence[str],
        wanted: ConversationFilter,
        *,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Found]:
        """Those that are also as `wanted`, newest first; none without a word to look for."""
        if not words:
            return []
        on_sqlite = self._connection.dialect.name == "sqlite"
        hits = _HITS_SQLITE if on_sqlite else _HITS_POSTGRESQL
        named = sa.and_(*(customers.c.name.icontains(word, autoescape=True) for word in words))
        by_name = sa.select(
            conversations.c.id, sa.literal(None, sa.String).label("message_id")
        ).where(conversations.c.customer_id.in_(sa.select(customers.c.id).where(named)))
        either = sa.union_all(sa.select(hits), by_name).subquery("either")
        message_id = sa.func.max(either.c.message_id).label("message_id")
        one_each = (
            sa.select(either.c.conversation_id, message_id)
            .group_by(either.c.conversation_id)
            .subquery("one_each")
        )
        query = sa.select(*COLUMNS, one_each.c.message_id).join(
            one_each, one_each.c.conversation_id == conversations.c.id
        )
        query = wanted.narrow(query, before=before).limit(limit)
        asked = _fts5(words) if on_sqlite else _tsquery(words)
        rows = await self._connection.execute(query, {"wanted": asked})
        return [_found(row) for row in rows]


def _found(row: sa.Row[Any]) -> Found:
    return Found(read_conversation(row), row.message_id)


def _fts5(words: Sequence[str]) -> str:
    """In quotes nothing is an operator; the star after them asks for words that begin so."""
    return " ".join(f'"{word}"' for word in words) + "*"


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}'" for word in words) + ":*"
