"""The registry of models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "models",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_from", sa.String(length=200), nullable=True),
        sa.Column("started_by", sa.String(length=40), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("data_sha256", sa.String(length=64), nullable=True),
        sa.Column("lessons", sa.JSON(), nullable=False),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("gate_passed", sa.Boolean(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promoted_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name=op.f("fk_models_started_by")),
        sa.ForeignKeyConstraint(["promoted_by"], ["users.id"], name=op.f("fk_models_promoted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
    )
    only = sa.text("state IN ('live', 'training')")
    op.create_index(
        "ix_models_only",
        "models",
        ["state"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    op.create_index(op.f("ix_models_started_at_id"), "models", ["started_at", "id"])
