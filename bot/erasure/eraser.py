"""Erasing all that is held of one person, wherever it is, so that a killed process can go on.

First a row says that it is to be done. Then what is outside the database goes, for which the rows
are still needed; then, in one transaction, the rows, with the receipt in their place; last what the
rows leave behind: models, caches, and the database's own files. Every step may be done again. A
broken file of the project holds up the end alone: its examples go once it is mended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.assistant.nlu.embedding import forget_vectors
from bot.auditing import audit
from bot.clock import new_id, now
from bot.erasure.disk import clear_caches, forget_mails
from bot.erasure.ending import end_conversations
from bot.erasure.keys import ErasureKey
from bot.errors import NotFound, SetupError
from bot.events import Event
from bot.learning.lessons import lessons_of
from bot.learning.pruning import prune
from bot.learning.registry import Registry
from bot.learning.taking_out import learnt_texts, name_anew, take_out, taught_by
from bot.readable import DELETED
from bot.records import Erasure, Model
from bot.store.database import UnitOfWork
from bot.store.personal import Person
from bot.store.scrubbing import scrub

log = logging.getLogger(__name__)

WAITS = "an example of theirs is still there, and nothing in the database"
MEND = "Mend the file: a serving process then takes it out within minutes, and closes the erasure."
STOPPED = "It was learning from messages that are erased now. Train another."


@dataclass(frozen=True, slots=True)
class Learnt:
    """Every text of somebody's, as they wrote it and as it was taught, and what the project's
    examples say without them; `broken` is why they are not out of every file."""

    texts: frozenset[str]
    examples: frozenset[str]
    broken: SetupError | None


@dataclass(frozen=True, slots=True)
class Eraser:
    """`project` is where the training data are, `data_dir` where ours go. `key` must be the one
    that the serving processes have: they know erased messages by it."""

    registry: Registry
    key: ErasureKey
    project: Path
    data_dir: Path

    async def erase(self, customer_id: str, *, by: str | None) -> Erasure:
        """Erase this customer and whoever was joined to them; the receipt. Raises NotFound for
        nobody."""
        return await self.finish(await self.begin(customer_id, by=by))

    async def begin(self, customer_id: str, *, by: str | None) -> str:
        """Write down that it is to be done; one that was begun before is gone on with."""
        async with self.registry.database.write() as uow:
            person = await uow.personal.person(customer_id)
            if person is None:
                raise NotFound("There is no such customer.")
            for begun in await uow.erasures.unfinished():
                if set(begun.customer_ids) & set(person.customer_ids):
                    return begun.id
            erasure = Erasure(
                id=new_id(),
                state="begun",
                user_id=by,
                who=sorted(await self._hashes(uow, person)),
                customer_ids=list(person.customer_ids),
                counts={},
                models=[],
                created_at=now(),
            )
            await uow.erasures.add(erasure)
            await audit(uow, "erasure.begun", erasure.id, by=by, at=erasure.created_at)
        return erasure.id

    async def finish(self, erasure_id: str) -> Erasure:
        """Do what is left of it; the receipt. Raises SetupError for a broken file of the project,
        once all that does not hang on it is done."""
        async with self.registry.database.read() as uow:
            erasure = await uow.erasures.get(erasure_id)
        if erasure is None:
            raise NotFound("There is no such erasure.")
        broken: SetupError | None = None
        if erasure.state == "begun":
            await end_conversations(self.registry, erasure)
            learnt = await self._clear_files(erasure)
            broken = learnt.broken
            await self._delete_rows(erasure, learnt)
        elif erasure.state == "deleted" and (broken := await self._take_out(erasure)):
            raise broken  # the rest was done when the rows went, and is too much for every try
        if erasure.state != "done":
            await prune(self.registry)
            await asyncio.to_thread(clear_caches, self.data_dir, self.project)
            await self.registry.bus.publish(Event("erasure", ""))
            await scrub(self.registry.database)
            if broken is not None:
                raise broken
            await self._close(erasure)
        async with self.registry.database.read() as uow:
            done = await uow.erasures.get(erasure_id)
        return done or erasure

    async def _clear_files(self, erasure: Erasure) -> Learnt:
        database = self.registry.database
        async with database.read() as uow:
            person = await _person(uow, erasure)
            said = await uow.traces.said(person)
            is_labelled = await uow.traces.first_label(person) is not None
            emails = await uow.traces.emails(person)
        turn_ids = {one.turn_id for one in said}
        texts = {one.text for one in said if one.text not in ("", DELETED)}
        if is_labelled:
            lessons = await lessons_of(database, self.project)
            for one in (*lessons.taught, *lessons.held_out):
                if turn_ids.intersection(one.turn_ids):
                    texts.add(one.text)
        taught = await asyncio.to_thread(taught_by, self.project, {*turn_ids, erasure.id})
        texts.update(one.text for one in taught)
        if taught:
            # Before they are gone: it says which models are made again.
            first = min(one.labelled_at for one in taught)
            async with database.write() as uow:
                await uow.erasures.change(erasure.id, counts={"examples": len(taught)})
                await uow.traces.labelled_since(person, first)
        await asyncio.to_thread(name_anew, self.project, turn_ids, erasure.id)
        broken = await self._take_out(erasure)
        await asyncio.to_thread(forget_vectors, sorted(texts))
        references = [address for channel, address in person.places if not channel]
        await asyncio.to_thread(forget_mails, self.data_dir, references, emails)
        examples = await asyncio.to_thread(lambda: frozenset(learnt_texts(self.project)))
        return Learnt(frozenset(texts), examples, broken)

    async def _take_out(self, erasure: Erasure) -> SetupError | None:
        """Out of the project's files, by the erasure's name in the file of provenance: the turns'
        own are unknown once the rows are gone. What is wrong where that could not be done."""
        try:
            await asyncio.to_thread(take_out, self.project, {erasure.id})
        except SetupError as error:
            return SetupError(f"{error.problem}; {WAITS}", where=error.where, cure=MEND)
        return None

    async def _delete_rows(self, erasure: Erasure, learnt: Learnt) -> None:
        at = now()
        async with self.registry.database.write() as uow:
            current = await uow.erasures.lock(erasure.id)
            if current is None or current.state != "begun":
                return  # another process was first
            person = await _person(uow, erasure)
            await uow.customers.lock(person.customer_ids)
            beside = person.strays.conversation_ids
            for conversation_id in sorted({*person.conversation_ids, *beside}):
                await uow.conversations.lock(conversation_id)
            counts = Counter(current.counts)
            affected = await _affected(uow, person, by_hand=counts["examples"] > 0)
            counts.update(await uow.traces.take_out(person, learnt.texts, learnt.examples))
            groups = await uow.traces.groups(person)
            sent = await uow.traces.external_ids(person)
            counts.update(await uow.personal.delete(person))
            counts.update({"review_groups": await uow.traces.drop_groups(groups)})
            await uow.erasures.keep({self.key.message(*one) for one in sent}, erasure.id)
            ids = [model.id for model in affected]
            await uow.models.recall(ids, at=at, error=STOPPED)
            kept = {name: count for name, count in counts.items() if count}
            await uow.erasures.change(
                erasure.id, state="deleted", customer_ids=[], counts=kept, models=ids
            )
            await audit(
                uow,
                "customer.erased",
                erasure.id,
                by=erasure.user_id,
                at=at,
                details={"rows": sum(kept.values()), "models": len(ids)},
            )
        for model_id in ids:
            await self.registry.bus.publish(Event("model", "", {"model_id": model_id}))
        for conversation_id in beside:  # open pages still show what was in it
            await self.registry.bus.publish(Event("conversation", conversation_id))

    async def _close(self, erasure: Erasure) -> None:
        at = now()
        async with self.registry.database.write() as uow:
            await uow.erasures.change(erasure.id, state="done", finished_at=at)
            await audit(uow, "erasure.done", erasure.id, by=erasure.user_id, at=at)
        await self.registry.bus.publish(Event("erasure", ""))
        log.info("customer_erased erasure_id=%s", erasure.id)

    async def _hashes(self, uow: UnitOfWork, person: Person) -> set[str]:
        """Whatever they could be asked for by later."""
        names = {*await uow.traces.names(person), *person.customer_ids}
        names |= {f"{channel}:{address}" for channel, address in person.places if channel}
        return {self.key.who(name) for name in names}


async def _affected(uow: UnitOfWork, person: Person, *, by_hand: bool) -> list[Model]:
    """The models that may know words of theirs: a training takes all labels there are, so it is
    every one that was begun after the first of theirs."""
    first = await uow.traces.first_label(person)
    return [] if first is None else await uow.models.learnt_since(first, by_hand=by_hand)


async def _person(uow: UnitOfWork, erasure: Erasure) -> Person:
    for customer_id in erasure.customer_ids:
        person = await uow.personal.person(customer_id)
        if person is not None:
            return person
    return Person(tuple(erasure.customer_ids), (), ())
