"""Links to a shop's papers, such as an invoice: whoever has one can open it for a day."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import jwt

from actions.context.source import DocumentKind

LASTS = timedelta(hours=24)


def url_of(kind: DocumentKind, reference: str) -> str:
    """The address under which Warmline gives out the paper."""
    site = os.environ.get("WARMLINE_PUBLIC_URL") or "http://127.0.0.1:8080"
    key = sha256(f"documents:{os.environ.get('WARMLINE_SECRET_KEY', '')}".encode()).hexdigest()
    told = {"kind": kind, "sub": reference, "exp": datetime.now(timezone.utc) + LASTS}
    return f"{site}/documents/{jwt.encode(told, key, 'HS256')}"
