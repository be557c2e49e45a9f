"""Hashes in place of what was erased: the same again when asked for by name, and nothing to anybody
without the key."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasureKey:
    """Telephone numbers can be tried one after the other: only a key that is not in the database
    keeps a hash from being one in other letters."""

    secret: str

    def who(self, who: str) -> str:
        """Of a name that a customer was asked for by."""
        return self._hash("who", who.strip().casefold())

    def message(self, channel: str, external_id: str) -> str:
        """Of a message by its provider's id."""
        return self._hash("message", f"{channel}:{external_id}")

    def itself(self) -> str:
        """Of nothing: the same under the same key."""
        return self._hash("key", "")

    def _hash(self, purpose: str, text: str) -> str:
        key = hashlib.sha256(f"erasure:{self.secret}".encode()).digest()
        said = f"{purpose}:{text}".encode(errors="surrogatepass")
        return hmac.new(key, said, hashlib.sha256).hexdigest()
