"""The contacts that conversations consist of, and their counts by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

FLAGS = (
    *("by_bot", "handed_off", "contained", "confirmed", "assumed", "solved"),
    *("asked_twice", "is_closed", "is_ripe", "is_repeat", "came_back"),
)
COUNTS = (
    *("contacts", "messages", "turns", "by_bot", "handed_off", "contained_of"),
    *("contained", "closed", "confirmed", "assumed", "came_back_of", "came_back"),
    *("first_of", "first", "repeated", "asked_twice", "csat_n", "csat_sum"),
    *("csat_squares", "satisfied", "effort_n", "effort_sum", "effort_squares"),
)


def upgrade() -> None:
    op.create_table(
        "contact_marks",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_contact_marks_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contact_marks_customer_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_contact_marks")),
    )
    op.create_index(op.f("ix_contact_marks_customer_id"), "contact_marks", ["customer_id"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settles_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in FLAGS),
        sa.Column("wait_seconds", sa.Float(), nullable=True),
        sa.Column("reply_seconds", sa.Float(), nullable=True),
        sa.Column("handle_seconds", sa.Float(), nullable=True),
        sa.Column("csat", sa.Integer(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_contacts_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    for columns in (
        ["customer_id"],
        ["conversation_id"],
        ["settles_at"],
        ["day", "started_at", "id"],
    ):
        op.create_index(op.f(f"ix_contacts_{'_'.join(columns)}"), "contacts", columns)
    helped = sa.text("handed_off")
    op.create_index(
        "ix_contacts_handed_off",
        "contacts",
        ["day", "wait_seconds", "reply_seconds", "handle_seconds"],
        sqlite_where=helped,
        postgresql_where=helped,
    )
    op.create_table(
        "contact_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint(
            "day", "channel", "intent", "model", "reason", name=op.f("pk_contact_days")
        ),
    )
    op.create_table(
        "stale_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_stale_days")),
    )
