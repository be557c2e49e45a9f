"""From sessions and API tokens to the shapes of the API."""

from __future__ import annotations

from bot.access.sessions import ends_at
from bot.clock import iso, iso_or_none
from bot.records import ApiToken, Session
from desk import account_shapes as shapes


def session(row: Session, *, current: Session | None) -> shapes.AccessSession:
    return shapes.AccessSession(
        id=row.id,
        user_id=row.user_id,
        device=row.device,
        created_at=iso(row.created_at),
        seen_at=iso(row.seen_at or row.created_at),
        ends_at=iso(ends_at(row)),
        current=current is not None and current.token_hash == row.token_hash,
    )


def token(row: ApiToken) -> shapes.AccessToken:
    return shapes.AccessToken(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        scopes=list(row.scopes),
        created_at=iso(row.created_at),
        expires_at=iso(row.expires_at),
        last_used_at=iso_or_none(row.last_used_at),
    )
