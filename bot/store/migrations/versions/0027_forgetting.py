"""What is kept after its time: figures that outlive it, indexes for finding what hangs on it; and
what customers were told of their data, and said to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COUNTS = (
    *("contacts", "messages", "turns", "by_bot", "handed_off", "contained_of"),
    *("contained", "closed", "confirmed", "assumed", "came_back_of", "came_back"),
    *("first_of", "first", "repeated", "asked_twice", "csat_n", "csat_sum"),
    *("csat_squares", "satisfied", "effort_n", "effort_sum", "effort_squares"),
)


def upgrade() -> None:
    op.create_table(
        "gone_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint(
            *("day", "channel", "intent", "model", "reason"), name=op.f("pk_gone_days")
        ),
    )
    for name in ("notice_version", "consent_version"):
        op.add_column("identities", sa.Column(name, sa.String(length=40)))
    for name in ("noticed_at", "warned_at", "consented_at", "withdrawn_at"):
        op.add_column("identities", sa.Column(name, sa.DateTime(timezone=True)))
    # A database that checks keys looks from the deleted row for those that point to it.
    for table, column in (
        ("offers", "conversation_id"),
        ("past_answers", "conversation_id"),
        ("suggestions", "sent_id"),
        ("labels", "turn_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
