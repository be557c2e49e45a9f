"""Since when models may have learnt from a customer whose labels are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("first_labelled_at", sa.DateTime(timezone=True)))
