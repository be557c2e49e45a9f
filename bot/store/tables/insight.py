"""The contacts that conversations consist of, and their sums."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.columns import metadata, own_id, owner_of_data, thread, when

# What `contacts` was last cut from: `seen_at` is the conversation's `updated_at` then, and
# `version` keeps two processes from writing the same conversation over each other.
contact_marks = sa.Table(
    "contact_marks",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    owner_of_data(),
    sa.Column("version", sa.Integer, nullable=False),
    when("seen_at"),
)

# The contacts that conversations consist of (bot.insight.contact), made anew from the transcript
# whenever something changes.
contacts = sa.Table(
    "contacts",
    metadata,
    own_id(),
    thread(),
    owner_of_data(),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("intent", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    when("started_at"),
    when("ended_at"),
    when("settles_at", nullable=True),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    *(
        sa.Column(name, sa.Boolean, nullable=False)
        for name in (
            *("by_bot", "handed_off", "contained", "confirmed", "assumed", "solved"),
            *("asked_twice", "is_closed", "is_ripe", "is_repeat", "came_back"),
        )
    ),
    sa.Column("wait_seconds", sa.Float),
    sa.Column("reply_seconds", sa.Float),
    sa.Column("handle_seconds", sa.Float),
    sa.Column("csat", sa.Integer),
    sa.Column("effort", sa.Integer),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "settles_at"),
    sa.Index(None, "day", "started_at", "id"),
    sa.Index(
        "ix_contacts_handed_off",
        *("day", "wait_seconds", "reply_seconds", "handle_seconds"),  # medians read nothing else
        sqlite_where=sa.text("handed_off"),
        postgresql_where=sa.text("handed_off"),
    ),
)


def _by_day(name: str) -> sa.Table:
    """`contacts` counted by day and all they are asked for by; nobody's data any more."""
    return sa.Table(
        name,
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("intent", sa.String(200), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in (
                *("contacts", "messages", "turns", "by_bot", "handed_off", "contained_of"),
                *("contained", "closed", "confirmed", "assumed", "came_back_of", "came_back"),
                *("first_of", "first", "repeated", "asked_twice", "csat_n", "csat_sum"),
                *("csat_squares", "satisfied", "effort_n", "effort_sum", "effort_squares"),
            )
        ),
    )


contact_days = _by_day("contact_days")

# Of these, the contacts that are deleted by now: a day that is counted anew counts them too.
gone_days = _by_day("gone_days")

# Days of `contact_days` that are to be counted anew.
stale_days = sa.Table("stale_days", metadata, sa.Column("day", sa.Date, primary_key=True))
