"""Working in the inbox: snooze, search over transcripts, and mentions.

The indexes of the search belong to the databases and are in no table of bot.store.tables. On SQLite
triggers keep one: a migration that rebuilds `messages` has to make them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


# What is said, split into words alike by both databases: PostgreSQL would read signs and addresses
# as words of their own, so that "WL-10432" would not be found by its number.
POSTGRESQL = (
    "CREATE INDEX ix_messages_words ON messages USING gin (to_tsvector('simple',"
    r" regexp_replace(text, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')))"
    " WHERE author <> 'system'"
)
# A message's own row number may change; the number that the words stand under must not.
SQLITE = (
    "CREATE TABLE search_rows (id INTEGER PRIMARY KEY, message_id VARCHAR(40) NOT NULL UNIQUE,"
    " conversation_id VARCHAR(40) NOT NULL)",
    "CREATE VIRTUAL TABLE search_words USING fts5"
    " (text, content='', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_added AFTER INSERT ON messages WHEN new.author <> 'system' BEGIN"
    " INSERT INTO search_rows (message_id, conversation_id)"
    " VALUES (new.id, new.conversation_id);"
    " INSERT INTO search_words (rowid, text) VALUES (last_insert_rowid(), new.text);"
    " END",
    "CREATE TRIGGER search_changed AFTER UPDATE OF text ON messages"
    " WHEN new.author <> 'system' BEGIN"
    " INSERT INTO search_words (search_words, rowid, text)"
    " SELECT 'delete', id, old.text FROM search_rows WHERE message_id = old.id;"
    " INSERT INTO search_words (rowid, text)"
    " SELECT id, new.text FROM search_rows WHERE message_id = new.id;"
    " END",
    "CREATE TRIGGER search_taken_out AFTER DELETE ON messages WHEN old.author <> 'system' BEGIN"
    " INSERT INTO search_words (search_words, rowid, text)"
    " SELECT 'delete', id, old.text FROM search_rows WHERE message_id = old.id;"
    " DELETE FROM search_rows WHERE message_id = old.id;"
    " END",
    "INSERT INTO search_rows (message_id, conversation_id)"
    " SELECT id, conversation_id FROM messages WHERE author <> 'system' ORDER BY id",
    "INSERT INTO search_words (rowid, text) SELECT search_rows.id, messages.text"
    " FROM search_rows JOIN messages ON messages.id = search_rows.message_id",
)


def upgrade() -> None:
    _snooze()
    _mentions()
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
    else:
        op.execute(POSTGRESQL)


def _snooze() -> None:
    for name in ("snoozed_at", "snoozed_until"):
        op.add_column("conversations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_conversations_snoozed",
        "conversations",
        ["snoozed_until"],
        sqlite_where=sa.text("snoozed_at IS NOT NULL"),
        postgresql_where=sa.text("snoozed_at IS NOT NULL"),
    )


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_mentions_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_mentions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_mentions_message_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mentions_user_id")),
        sa.PrimaryKeyConstraint("message_id", "user_id", name=op.f("pk_mentions")),
    )
    for columns in (
        ["customer_id"],
        ["conversation_id", "user_id"],
        ["user_id", "conversation_id"],
    ):
        op.create_index(op.f(f"ix_mentions_{'_'.join(columns)}"), "mentions", columns)
