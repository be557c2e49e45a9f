"""The database itself refuses to change or delete a line of the audit log, and a turn keeps why it
was decided as it was.

A later migration that copies `audit_log` (batch_alter_table on SQLite) has to make the triggers
anew: they go with the table they are on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REFUSAL = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
ON_SQLITE = (
    f"CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log {REFUSAL}",
    f"CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log {REFUSAL}",
    # INSERT OR REPLACE deletes the old line without a word to the trigger above.
    "CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log"
    " WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id OR rowid = NEW.rowid)"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
)
ON_POSTGRESQL = (
    "CREATE FUNCTION refuse_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'restrict_violation';"
    " END $$",
    "CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log()",
    # Also where a session has said that it replicates, which switches ordinary triggers off.
    "ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_no_change",
)


def upgrade() -> None:
    op.add_column("turns", sa.Column("decision", sa.JSON(none_as_null=True)))
    op.create_index(op.f("ix_audit_log_user_id_id"), "audit_log", ["user_id", "id"])
    name = op.get_bind().dialect.name
    for statement in ON_POSTGRESQL if name == "postgresql" else ON_SQLITE:
        op.execute(statement)
