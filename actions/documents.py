"""Links to a shop's documents, such as an invoice: whoever has one can open it for a day."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any, cast, get_args

import jwt

from actions.context import data_folder, shop
from actions.context.source import DocumentKind

LASTS = timedelta(hours=24)
ALGORITHM = "HS256"
SECRET, SITE = "WARMLINE_SECRET_KEY", "WARMLINE_PUBLIC_URL"


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF, and what its file is called."""

    name: str
    body: bytes


def url_of(kind: DocumentKind, reference: str) -> str:
    """Where Warmline gives out the document. Raises RuntimeError without a key."""
    content = {"kind": kind, "sub": reference, "exp": datetime.now(timezone.utc) + LASTS}
    return f"{site()}/documents/{jwt.encode(content, _key(), ALGORITHM)}"


def site() -> str:
    """What customers' browsers open."""
    return os.environ.get(SITE) or "http://127.0.0.1:8080"


async def fetch(token: str) -> Document | None:
    """The document that the link with this token is for; None when the token is not one of ours or
    has ended, or the shop has no such document. Raises ShopUnavailable."""
    try:
        content: dict[str, Any] = jwt.decode(
            token, _key(), [ALGORITHM], options={"require": ["exp", "sub"]}
        )
    except (jwt.InvalidTokenError, UnicodeError):
        return None
    kind, reference = cast(DocumentKind, content.get("kind")), content["sub"]
    if kind not in get_args(DocumentKind):
        return None
    body = await shop().document(kind, reference)
    name = f"{reference}.pdf" if kind == "invoice" else f"{kind}-{reference}.pdf"
    return Document(name, body) if body is not None else None


def _key() -> str:
    """A key of its own for this purpose, so that a token of another is nothing here."""
    secret = os.environ.get(SECRET) or _demo_secret()
    if not secret:
        raise RuntimeError(f"{SECRET} is not set; it has to be the serving process's own")
    return sha256(f"documents:{secret}".encode()).hexdigest()


def _demo_secret() -> str | None:
    """What `warmline demo` made for itself, so that an action server beside it needs no setting."""
    kept = data_folder() / "secret.key"
    return kept.read_text(encoding="ascii").strip() if kept.exists() else None
