"""What was posted to the simulated Slack's channels, and the pages in which it is read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class History:
    """The app's own messages in all channels."""

    def __init__(self) -> None:
        self._posted: list[dict[str, Any]] = []

    def add(self, message: dict[str, Any]) -> None:
        self._posted.append(message)

    def channel(self, query: Mapping[str, str]) -> dict[str, Any]:
        """conversations.history: what is in no thread, the newest first."""
        room = query["channel"]
        return _page(
            query,
            [one for one in self._posted[::-1] if one["channel"] == room and not _thread(one)],
        )

    def thread(self, query: Mapping[str, str]) -> dict[str, Any]:
        """conversations.replies: the oldest first."""
        where = (query["channel"], query["ts"])
        return _page(
            query, [one for one in self._posted if (one["channel"], _thread(one)) == where]
        )


def _thread(message: Mapping[str, Any]) -> str | None:
    thread: str | None = message.get("thread_ts")
    return thread


def _page(query: Mapping[str, str], found: list[dict[str, Any]]) -> dict[str, Any]:
    first, limit = int(query.get("cursor") or 0), int(query["limit"])
    more = first + limit < len(found)
    told = found[first : first + limit]
    if query.get("include_all_metadata") != "true":
        told = [{key: part for key, part in one.items() if key != "metadata"} for one in told]
    page: dict[str, Any] = {"ok": True, "messages": told, "has_more": more}
    if more:
        page["response_metadata"] = {"next_cursor": str(first + limit)}
    return page
