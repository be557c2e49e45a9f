"""The page of an export that people read: one HTML file without script, which prints well."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from bot.clock import iso
from bot.erasure.page_style import STYLE
from bot.erasure.words import title_of
from bot.store.database import UnitOfWork
from bot.store.personal import Person
from bot.store.tables import messages

_AUTHORS = {"customer": "You", "bot": "Assistant", "agent": "Agent", "system": "Notice"}


class ReadablePage:
    """`counts` are the rows of each table, `files` the names in the archive by file's id.

    Everything that was stored is text on this page: nothing of it is markup.
    """

    in_transcripts = frozenset({"messages", "turns"})
    _for_programs = frozenset({"trackers"})

    def __init__(self, counts: Mapping[str, int], files: Mapping[str, str]) -> None:
        self._counts = counts
        self._files = files

    def head(self, at: datetime) -> str:
        """The beginning, with what is on the page."""
        rows = "".join(
            f'<tr><td><a href="#{self._anchor(name)}">{escape(title_of(name))}</a></td>'
            f"<td>{count}</td></tr>"
            for name, count in self._counts.items()
            if count
        )
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Your data</title><style>{STYLE}</style></head><body><main>"
            "<h1>Your data</h1>"
            f"<p>This is everything we hold of you, as it was on {_moment(at)}. Lines marked"
            " <b>internal</b> were never sent to you: our people wrote them for each other. The"
            " folder <code>data</code> beside this page has the same for programs.</p>"
            "<p>Pictures and files that you sent stay with the service you wrote on; we hold a"
            " reference to them. What the shop itself knows of you, such as orders, is the shop's"
            " to give out.</p>"
            f"<h2>What there is</h2><table><tbody>{rows}</tbody></table>\n"
        )

    def foot(self) -> str:
        return "</main></body></html>\n"

    async def transcripts(self, uow: UnitOfWork, person: Person) -> AsyncIterator[str]:
        """Every conversation from its first line to its last."""
        yield f'<section id="{self._anchor("messages")}"><h2>What was said</h2>'
        current = None
        async for page in uow.personal.pages(messages, person):
            turns = await uow.personal.turns_of([row["id"] for row in page])
            parts = []
            for row in page:
                if row["conversation_id"] != current:
                    current = row["conversation_id"]
                    day, channel = row["created_at"], escape(row["channel"])
                    parts.append(f"<h3>Conversation of {_moment(day)} ({channel})</h3>")
                parts.append(self._line(row, turns.get(row["id"])))
            yield "".join(parts)
        yield "</section>\n"

    async def table(
        self, name: str, pages: AsyncIterator[list[dict[str, Any]]]
    ) -> AsyncIterator[str]:
        """The rows of a table, each as a list of what is in it."""
        yield f'<section id="{self._anchor(name)}"><h2>{escape(title_of(name))}</h2>'
        if name in self._for_programs:
            yield f"<p>Events for the program alone, in <code>data/{escape(name)}.json</code>.</p>"
        else:
            async for page in pages:
                yield "".join(self._row(name, row) for row in page)
        yield "</section>\n"

    def _anchor(self, name: str) -> str:
        return "messages" if name in self.in_transcripts else name

    def _line(self, row: Mapping[str, Any], turn: Mapping[str, Any] | None) -> str:
        who = row["author_name"] or _AUTHORS.get(row["author"], row["author"])
        if row["author"] == "customer":
            who = _AUTHORS["customer"]
        mark = ' <span class="mark">internal</span>' if row["private"] else ""
        kind = "note" if row["private"] else row["author"]
        said = f'<p class="text" dir="auto">{escape(row["text"])}</p>'
        buttons = ", ".join(str(one.get("title", "")) for one in row["buttons"])
        beside = f'<p class="small">Buttons: {escape(buttons)}</p>' if buttons else ""
        return (
            f'<article class="line {escape(kind)}"><p class="small"><b>{escape(who)}</b>{mark}'
            f" · {_moment(row['created_at'])}</p>{said}{beside}"
            f"{''.join(self._attachment(one) for one in row['attachments'] or ())}"
            f"{_understood(turn) if turn else ''}</article>"
        )

    def _attachment(self, one: Mapping[str, Any]) -> str:
        shown = escape(str(one.get("name") or one.get("kind") or "attachment"))
        name = self._files.get(str(one.get("reference")))
        if name is None:
            return f'<p class="small">Sent beside it: {shown} (with the service)</p>'
        return f'<p class="small">Sent beside it: <a href="{escape(name)}">{shown}</a></p>'

    def _row(self, table: str, row: Mapping[str, Any]) -> str:
        facts = "".join(
            f'<dt>{escape(name.replace("_", " "))}</dt><dd dir="auto">{_value(value)}</dd>'
            for name, value in row.items()
            if value not in (None, "", [], {}) and not isinstance(value, bytes)
        )
        link = ""
        if table == "files" and row["id"] in self._files:
            name = escape(self._files[row["id"]])
            link = f'<p><a href="{name}">{escape(row["name"])}</a></p>'
        return f'<article class="facts">{link}<dl>{facts}</dl></article>'


def _understood(turn: Mapping[str, Any]) -> str:
    """What the assistant made of a message, in a line."""
    said = []
    if turn["intent"]:
        sure = f" ({turn['confidence']:.0%} sure)" if turn["confidence"] is not None else ""
        said.append(f"understood as {turn['intent']}{sure}")
    said += [f"outcome: {turn['outcome']}"] if turn["outcome"] else []
    said += [f"because: {turn['reason']}"] if turn["reason"] else []
    ran = ", ".join(str(one.get("name") or one.get("action") or one) for one in turn["actions"])
    said += [f"did: {ran}"] if ran else []
    said += [f"by model {turn['model']}"] if turn["model"] else []
    return f'<p class="small">Assistant: {escape("; ".join(said))}</p>' if said else ""


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
        return f"<pre>{escape(text)}</pre>"
    return escape(str(value))


def _moment(at: datetime) -> str:
    whole = iso(at)
    return f'<time datetime="{whole}">{whole[:10]} {whole[11:16]} UTC</time>'
