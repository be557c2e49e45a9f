"""Who signs in, what they may, and what they keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# Each may do what those before it may: a program reports signals, an agent answers, a lead decides
# what the bot does, an admin who may do what.
Role = Literal["program", "agent", "lead", "admin"]
RANKS: tuple[Role, ...] = ("program", "agent", "lead", "admin")
# What an API token is good for, besides its user's role: reading, changing, reporting signals, and
# deciding who may do what.
Scope = Literal["read", "write", "signals", "admin"]
SESSION_ID_LENGTH = 24  # characters
# `wrap_up`: finishing what they had, and not yet there for the next customer.
PresenceState = Literal["online", "away", "wrap_up"]


@dataclass(frozen=True, slots=True)
class TurnView:
    """What a lead narrows the log to, under a name; `filters` as in the page's address."""

    id: str
    user_id: str
    name: str
    filters: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in: an agent, a lead, an admin, or a program of the shop's."""

    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    signed_in_at: datetime | None = None

    def may(self, least: Role) -> bool:
        """Whether they have the rights of that role, or more."""
        return RANKS.index(self.role) >= RANKS.index(least)


@dataclass(frozen=True, slots=True)
class Agent:
    """What a user serves, and whether they are there to do it.

    No `queues` are all of them. `seen_at` is when a page of theirs was last connected, None if
    none ever was; whoever was `revoked_at` some time can no longer sign in. `missed_offers` are
    those in a row that ran out.
    """

    user_id: str
    queues: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 5
    presence: PresenceState = "online"
    missed_offers: int = 0
    seen_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user; the token itself is stored only as its SHA-256. `seen_at` is when it was
    used last, to the minute; `device` what it was begun with, in words."""

    token_hash: str
    user_id: str
    csrf_token: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    device: str = "Unknown"

    @property
    def id(self) -> str:
        """What it is called where it is listed: enough of the hash to be alone, and no secret."""
        return self.token_hash[:SESSION_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of signing in; the token itself is stored only as its
    SHA-256."""

    id: str
    token_hash: str
    user_id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file of an agent's, for one conversation; `link` is where its customer opens it, and
    `message_id` the message that it was sent with, None until then."""

    id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    name: str
    content_type: str
    size: int
    link: str
    created_at: datetime
    message_id: str | None = None
