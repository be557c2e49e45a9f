"""The JSON of what one has for getting in: sessions, API tokens, a password."""

from __future__ import annotations

from pydantic import BaseModel, StrictInt, StrictStr


class AccessSession(BaseModel):
    """`ends_at` is when it ends if it is used no more; `current` the one that asks."""

    id: str
    user_id: str
    device: str
    created_at: str
    seen_at: str
    ends_at: str
    current: bool


class AccessSessions(BaseModel):
    items: list[AccessSession]
    next: str | None


class AccessToken(BaseModel):
    """A token without its secret; `last_used_at` is to the minute."""

    id: str
    user_id: str
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str
    last_used_at: str | None


class AccessTokens(BaseModel):
    items: list[AccessToken]
    next: str | None


class NewAccessToken(AccessToken):
    """`secret` is what the program shows as `Authorization: Bearer …`. It is told this once."""

    secret: str


class TokenWish(BaseModel):
    """`days` it is good for, at most 365. `user_id` is the program whose it shall be, where an
    admin makes it; otherwise it is one's own."""

    name: StrictStr
    scopes: list[StrictStr]
    days: StrictInt
    user_id: StrictStr | None = None


class PasswordChange(BaseModel):
    current: StrictStr
    new: StrictStr


class PasswordChoice(BaseModel):
    """`token` is the end of the link, behind its #."""

    token: StrictStr
    password: StrictStr
