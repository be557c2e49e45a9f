"""Must-pass examples: what every candidate has to get right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "must_pass",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_must_pass_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_must_pass")),
        sa.UniqueConstraint("text", name=op.f("uq_must_pass_text")),
    )
