"""`warmline token add`: an API token, printed once."""

from __future__ import annotations

from bot.access import tokens
from bot.accounts import open_database
from bot.errors import InvalidInput
from bot.settings import Settings


async def add_token(
    settings: Settings, email: str, name: str, *, scopes: list[str], days: int
) -> None:
    """Raise InvalidInput when nobody has the e-mail address, or for what cannot be."""
    async with open_database(settings.database_url) as database, database.write() as uow:
        user = await uow.staff.by_email(email.strip())
        if user is None or await uow.agents.is_revoked(user.id):
            raise InvalidInput("email", f"{email} is nobody who may get in.")
        token, secret = await tokens.add_token(
            uow, user, name=name, scopes=scopes, days=days, by=None
        )
    print(secret)
    print(f"It is not shown again, and good until {token.expires_at:%Y-%m-%d}.")
