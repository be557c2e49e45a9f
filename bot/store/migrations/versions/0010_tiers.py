"""What a shop calls its better customers, as it was read last and as a hand-off found it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("customers", "handoffs"):
        op.add_column(table, sa.Column("tier", sa.String(length=40), nullable=True))
