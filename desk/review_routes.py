"""The review inbox in the API: what is worth a lead's look, and what the labels so far say."""

from __future__ import annotations

from collections import defaultdict

from bot.clock import now
from bot.folding import folded
from bot.labelling import known_intents
from bot.reviewing import FEWEST_PAIRS, interval, kappa
from bot.rules import Rules
from bot.store.database import UnitOfWork
from desk import review_shapes as shapes
from desk import views
from desk.paging import Page
from desk.routes import Call, Route

# Beside so many of the doubtful ones comes one of the others, so that neither kind is known by its
# place in the list.
EVERY = 5
MOST_DISAGREEMENTS = 50
MOST_LOOKED_AT, MOST_WORDINGS = 20, 4  # of a group's messages; of what they say


def table() -> list[Route]:
    return [
        Route(
            "GET",
            "/review",
            "lead",
            "Messages to label, the most worth it first; labelled, they make room for others",
            inbox,
            query=Page,
            answer=shapes.Inbox,
        ),
        Route(
            "GET",
            "/review/standing",
            "lead",
            "How much waits, how often answers were wrong, and how far leads agree",
            standing,
            answer=shapes.Standing,
        ),
        Route(
            "GET",
            "/review/disagreements",
            "lead",
            "Messages that two leads labelled differently",
            disagreements,
            query=Page,
            answer=shapes.Disagreements,
        ),
    ]


async def inbox(call: Call) -> shapes.Inbox:
    limit = call.query.limit
    async with call.services.database.read() as uow:
        groups = await uow.reviews.groups(limit=limit)
        beside = await uow.reviews.seconds(call.staff.id, limit=limit)
        beside += await uow.reviews.samples(limit=limit)
        rows = mixed(
            [(group.turn_ids, group.waiting) for group in groups],
            [([turn_id], 1) for turn_id in beside],
        )[:limit]
        known = await uow.reviews.turns([ids[0] for ids, _ in rows])
        texts = await uow.reviews.texts([one for ids, _ in rows for one in ids[1:MOST_LOOKED_AT]])
    said_of = {group.turn_ids[0]: group.said for group in groups}
    items = [
        shapes.ReviewItem(
            turn=views.turn(turn),
            turn_ids=ids,
            waiting=waiting,
            fate=fate,
            wrap_up_intent=said_of.get(turn.id) or said,
            alike=other_wordings(turn.text, [texts[one] for one in ids if one in texts]),
        )
        for ids, waiting in rows
        for turn, fate, said in [known[ids[0]]]
    ]
    return shapes.Inbox(items=items, next=None)


def other_wordings(text: str, texts: list[str]) -> list[str]:
    """A few that differ in more than digits and signs, so that a lead sees what one label says."""
    found = {folded(one): one for one in reversed(texts)}
    found.pop(folded(text), None)
    return list(reversed(found.values()))[:MOST_WORDINGS]


Row = tuple[list[str], int]


def mixed(groups: list[Row], beside: list[Row]) -> list[Row]:
    """Both in one list, each message once."""
    seen: set[str] = set()
    found: list[Row] = []
    singles = iter(beside)

    def add(row: Row | None) -> bool:
        if row is not None and row[0][0] not in seen:
            seen.update(row[0])
            found.append(row)
        return row is not None

    for place, row in enumerate(groups):
        if place % EVERY == EVERY - 1:
            add(next(singles, None))
        add(row)
    while add(next(singles, None)):
        pass
    return found


async def standing(call: Call) -> shapes.Standing:
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    async with call.services.database.read() as uow:
        pairs = await uow.reviews.pairs()
        first = await uow.reviews.first_pairs()
        judged = await uow.reviews.judged()
        intents = await known_intents(uow, call.services)
        waiting = await uow.reviews.waiting()
        labelled = await uow.reviews.labelled(call.staff.id, since=today)
    return shapes.Standing(
        waiting=waiting,
        labelled_today=labelled,
        intents=sorted(intents),
        entities=sorted(call.services.assistant.entities),
        rates=_rates(call.services.rules, judged),
        pairs=len(first),
        disagreements=sum(one != other for _, one, other in pairs),
        kappa=kappa(first) if len(first) >= FEWEST_PAIRS else None,
    )


def _rates(rules: Rules, judged: list[tuple[str, str]]) -> list[shapes.WrongRate]:
    """By risk class, since each has a promise of its own."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for intent, truth in judged:
        counts[rules.risk_class(intent)].append(intent != truth)
    found = []
    for name in sorted(counts):
        wrong, total = sum(counts[name]), len(counts[name])
        low, high = interval(wrong, total)
        found.append(
            shapes.WrongRate(
                risk_class=name,
                judged=total,
                wrong=wrong,
                low=low,
                high=high,
                accepted=rules.classes[name].accepted_wrong_rate,
            )
        )
    return found


async def disagreements(call: Call) -> shapes.Disagreements:
    async with call.services.database.read() as uow:
        ids = [turn_id for turn_id, one, other in await uow.reviews.pairs() if one != other]
        ids = list(dict.fromkeys(ids))[: min(call.query.limit, MOST_DISAGREEMENTS)]
        return shapes.Disagreements(items=await _items(uow, ids), next=None)


async def _items(uow: UnitOfWork, ids: list[str]) -> list[shapes.Disagreement]:
    known = await uow.reviews.turns(ids)
    given = await uow.labels.of_turns(ids)
    names = await views.people(uow, ())
    return [
        shapes.Disagreement(
            turn=views.turn(known[turn_id][0]),
            labels=views.given_labels(given.get(turn_id, ()), names),
        )
        for turn_id in ids
        if turn_id in known
    ]
