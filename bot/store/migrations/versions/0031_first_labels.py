"""Since when models may have learnt from a customer whose labels are gone; and clusters that were
dismissed keep no words once no message is in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("first_labelled_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE clusters SET name = '', keywords = '[]' WHERE dismissed_at IS NOT NULL AND NOT"
        " EXISTS (SELECT 1 FROM cluster_turns WHERE cluster_turns.cluster_id = clusters.id)"
    )
