"""Labels from a file: logged messages that say the same get them, from a lead."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import InvalidInput
from bot.folding import folded
from bot.learning.label_files import Labelled
from bot.learning.project_files import ProjectFiles
from bot.records import Label, Turn, User
from bot.store.database import Database
from bot.store.turn_log import LoggedText

_PAGE, _AT_ONCE = 5_000, 500  # turns to read, and to label in a transaction
_Hit = tuple[LoggedText, Labelled]


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
    """Label every logged message that says what a text of the file says, in one batch; pages that
    are open hear nothing of it."""
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
    matched, hits, known = set(), list[_Hit](), 0
    after = None
    while True:
        async with database.read() as uow:
            page = await uow.turn_log.texts(after=after, limit=_PAGE)
            said = [(turn, folded(turn.text)) for turn in page]
            said = [(turn, words) for turn, words in said if words in wanted]
            before = await uow.labels.of_turns([turn.id for turn, _ in said])
        for turn, words in said:
            matched.add(words)
            mine = [one for one in before.get(turn.id, ()) if one.user_id == lead.id]
            if any(one.intent == wanted[words][1] for one in mine):
                known += 1
            else:
                hits.append((turn, wanted[words]))
        if len(page) < _PAGE:
            break
        after = page[-1].id
    batch, labelled = new_id(), 0
    for start in range(0, len(hits), _AT_ONCE):
        part = hits[start : start + _AT_ONCE]
        labelled += await _put(database, part, project.entities, lead, batch, source=source)
    return Imported(
        labelled=labelled,
        known=known,
        unmatched=tuple(one[0] for words, one in wanted.items() if words not in matched),
        unknown_intents=tuple(unknown),
        contradictory=tuple(contradictory.values()),
    )


async def lead_named(database: Database, email: str | None) -> User:
    """The lead whose labels they are; the only one there is, if none is named."""
    async with database.read() as uow:
        leads = [one for one in await uow.staff.everybody() if one.may("lead")]
    fitting = [one for one in leads if email is None or one.email == email.strip().lower()]
    if len(fitting) != 1:
        there = ", ".join(one.email for one in leads) or "none; `warmline user add` makes one"
        raise InvalidInput("as", f"Say whose labels these are with --as EMAIL. Leads: {there}.")
    return fitting[0]


async def _put(
    database: Database,
    hits: Sequence[_Hit],
    entities: Collection[str],
    lead: User,
    batch: str,
    *,
    source: str,
) -> int:
    """Label those of these messages that still say what was read; how many do. A transaction of
    its own: whoever has moved sums of the inbox must lock no further turn."""
    given = {turn.id: (turn.text, label) for turn, label in hits}
    at = now()
    async with database.write() as uow:
        held = [turn for turn in await uow.reviews.lock(given) if turn.text == given[turn.id][0]]
        if held:
            await uow.labels.put(
                [_label(turn, given[turn.id][1], entities, lead, batch, at) for turn in held]
            )
            await uow.reviews.settle([turn.id for turn in held])
            await audit(
                uow,
                "labels.imported",
                batch,
                by=lead.id,
                at=at,
                details={"labels": len(held), "file": source},
            )
    return len(held)


def _label(
    turn: Turn, given: Labelled, known: Collection[str], lead: User, batch: str, at: datetime
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
        created_at=at,
        undone_at=None,
    )
