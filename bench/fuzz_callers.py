"""Everybody who asks in a run of `bench.fuzz`: the demo's people, a visitor, and nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

from bot import demo
from desk.routes import API

PATIENCE_SECONDS = 60.0
NOBODY = ""
VISITOR = "customer"


class Callers:
    """Keeps everybody signed in: what a run ends would otherwise be 401 for the rest of it."""

    def __init__(self, url: str, roles: Sequence[Mapping[str, str]] = demo.SIGN_INS) -> None:
        self._api = f"{url}{API}"
        self._session = requests.Session()
        self._roles = {one["role"]: one for one in roles}
        self._tokens = {role: self._signed_in(role) for role in self._roles}
        self._tokens[VISITOR] = self._visitor()

    def names(self) -> list[str]:
        return [*self._tokens, NOBODY]

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}

    def get(self, path: str, who: str = "lead") -> requests.Response:
        """The answer to a GET of the API as `who`."""
        return self._session.get(
            self._api + path, headers=self.headers(who), timeout=PATIENCE_SECONDS
        )

    def renew(self, who: str) -> None:
        """Sign in again, if they were signed out."""
        if who in self._roles and self.get("/me", who).status_code == 401:
            self._tokens[who] = self._signed_in(who)
        if who == VISITOR and self.get("/widget/messages", who).status_code == 401:
            self._tokens[who] = self._visitor()

    def own(self) -> set[str]:
        """The ids of their accounts and sessions: whoever ends one of these ends the run."""
        found = set()
        for role in self._roles:
            found.add(self.get("/me", role).json()["user"]["id"])
            found.update(one["id"] for one in self.get("/sessions", role).json()["items"])
        return found

    def _signed_in(self, role: str) -> str:
        one = self._roles[role]
        body = {"email": one["email"], "password": one["password"]}
        return self._token("/login", body)

    def _visitor(self) -> str:
        """Somebody who asks for a person, so that there is a conversation to be asked about."""
        token = self._token("/widget/sessions", {})
        headers = {"Authorization": f"Bearer {token}"}
        for number, text in enumerate(("hello", "where is my order 10432?", "a person please")):
            said = {"id": f"fuzz-{number}", "text": text}
            where = f"{self._api}/widget/messages"
            self._session.post(where, json=said, headers=headers, timeout=PATIENCE_SECONDS)
        return token

    def _token(self, path: str, body: Mapping[str, str]) -> str:
        url = self._api + path
        # What was asked may have made them wait, as it would anybody.
        while (
            answer := self._session.post(url, json=body, timeout=PATIENCE_SECONDS)
        ).status_code == 429:
            time.sleep(float(answer.headers["Retry-After"]))
        answer.raise_for_status()
        token: str = answer.json()["token"]
        return token


def ids(content: Any) -> Iterator[str]:
    """All ids in an answer."""
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, str) and (key == "id" or key.endswith("_id")):
                yield value
            else:
                yield from ids(value)
    elif isinstance(content, list):
        for each in content:
            yield from ids(each)
