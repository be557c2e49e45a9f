"""Labels from a file: logged messages that say the same get them, from a lead."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.clock import new_id, now
from bot.errors import InvalidInput
from bot.folding import folded
from bot.learning.label_files import Labelled
from bot.learning.project_files import ProjectFiles
from bot.records import AuditEntry, Label, User
from bot.store.database import Database
from bot.store.turn_log import LoggedText

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many messages got a label, how many had it, and what of the file labelled nothing: texts
    that were never logged, intents there are not, texts with two intents."""

    labelled: int
    known: int
    unmatched: tuple[str, ...]
    unknown_intents: tuple[str, ...]
    contradictory: tuple[str, ...]


async def import_labels(
    database: Database, root: Path, given: Sequence[Labelled], lead: User, *, source: str
) -> Imported:
    """Label every logged message that says what a text of the file says, in one batch."""
    project = await asyncio.to_thread(ProjectFiles, root)
    async with database.read() as uow:
        intents = {*project.intents, *(one.name for one in await uow.new_intents.all())}
    unknown = sorted({intent for _, intent, _ in given if intent not in intents})
    wanted: dict[str, Labelled] = {}
    contradictory: dict[str, str] = {}
    for one in given:
        first = wanted.setdefault(folded(one[0]), one)
        if first[1] != one[1]:
            contradictory[folded(one[0])] = one[0]
    for words in contradictory:
        del wanted[words]
    wanted = {words: one for words, one in wanted.items() if one[1] in intents}
    batch, matched, labels, known = new_id(), set(), list[Label](), 0
    after = None
    while True:
        async with database.read() as uow:
            page = await uow.turn_log.texts(after=after, limit=_PAGE)
            said = [(turn, folded(turn.text)) for turn in page]
            hits = [(turn, words) for turn, words in said if words in wanted]
            before = await uow.labels.of_turns([turn.id for turn, _ in hits])
        for turn, words in hits:
            matched.add(words)
            mine = [one for one in before.get(turn.id, ()) if one.user_id == lead.id]
            if any(one.intent == wanted[words][1] for one in mine):
                known += 1
            else:
                labels.append(_label(turn, wanted[words], project.entities, lead, batch))
        if len(page) < _PAGE:
            break
        after = page[-1].id
    if labels:
        about = {"labels": len(labels), "file": source}
        async with database.write() as uow:
            await uow.labels.put(labels)
            await uow.audit_log.add(
                AuditEntry(new_id(), lead.id, "labels_imported", batch, about, now())
            )
    return Imported(
        labelled=len(labels),
        known=known,
        unmatched=tuple(one[0] for words, one in wanted.items() if words not in matched),
        unknown_intents=tuple(unknown),
        contradictory=tuple(contradictory.values()),
    )


async def lead_named(database: Database, email: str | None) -> User:
    """The lead whose labels they are; the only one there is, if none is named."""
    async with database.read() as uow:
        leads = [one for one in await uow.staff.everybody() if one.role == "lead"]
    fitting = [one for one in leads if email is None or one.email == email.strip().lower()]
    if len(fitting) != 1:
        there = ", ".join(one.email for one in leads) or "none; `warmline user add` makes one"
        raise InvalidInput("as", f"Say whose labels these are with --as EMAIL. Leads: {there}.")
    return fitting[0]


def _label(
    turn: LoggedText, given: Labelled, known: Collection[str], lead: User, batch: str
) -> Label:
    text, intent, entities = given
    # Their places are right in these very words only.
    marked = entities if turn.text == text else ()
    return Label(
        id=new_id(),
        turn_id=turn.id,
        conversation_id=turn.conversation_id,
        customer_id=turn.customer_id,
        user_id=lead.id,
        intent=intent,
        entities=[
            {
                "start": one.start,
                "end": one.end,
                "entity": one.name,
                "value": turn.text[one.start : one.end],
            }
            for one in marked
            if one.name in known
        ],
        batch=batch,
        created_at=now(),
        undone_at=None,
    )
