"""Tags on conversations, over every database."""

from __future__ import annotations

import pytest

from bot import tags
from bot.conversation import State
from bot.errors import Conflict, InvalidInput, NotFound
from bot.handoff import claim, resolve
from bot.services import Services
from bot.store.conversations import ConversationFilter
from bot.tags import LONGEST, MOST, tag_name
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, hand_off


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("VIP", "vip"),
        ("  Big \n order ", "big order"),
        ("v\u200bi\u200dp\u202e\u0007", "vip"),
        ("Cafe\u0301", "caf\u00e9"),
        ("A/B <b>&amp;", "a/b <b>&amp;"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_tag_is_written_in_one_way(typed: str, tag: str) -> None:
    assert tag_name(typed) == tag == tag_name(tag)


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "\u200d", "..", 'a "b"', "x" * (LONGEST + 1)])
def test_what_cannot_be_a_tag_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput, match="'tag'") as refused:
        tag_name(typed, field="tag")
    assert refused.value.detail == {"field": "tag"}


@over_both_databases
async def test_they_are_put_on_and_taken_off_once_and_everybody_is_told(
    pair: tuple[Services, ...],
) -> None:
    one, *_ = pair
    nora = await add_agent(one, "Nora")
    there = (await hand_off(one)).conversation_id
    with one.bus.subscribe() as told:
        assert await tags.add(one, there, nora, "VIP") == ["vip"]
        assert (await told.next()).conversation_id == there
        assert await tags.add(one, there, nora, "vip") == ["vip"]
        assert await tags.remove(one, there, nora, "nothing") == ["vip"]
        assert await tags.remove(one, there, nora, "Vip") == []
        assert (await told.next()).conversation_id == there
    for number in range(MOST):
        await tags.add(one, there, nora, f"tag {number}")
    with pytest.raises(Conflict, match=f"at most {MOST} tags: remove one"):
        await tags.add(one, there, nora, "one more")
    assert len(await tags.add(one, there, nora, "tag 0")) == MOST
    with pytest.raises(NotFound):
        await tags.add(one, "nobody's", nora, "vip")
    with pytest.raises(NotFound):
        await tags.remove(one, "nobody's", nora, "vip")


@over_both_databases
async def test_two_who_put_the_same_on_at_once_put_it_on_once(
    pair: tuple[Services, ...],
) -> None:
    one, other = pair
    nora = await add_agent(one, "Nora")
    there = (await hand_off(one)).conversation_id
    both = await at_once(*(tags.add(each, there, nora, "vip") for each in (one, other) * 5))
    assert both == [["vip"]] * 10


@over_both_databases
async def test_conversations_are_found_by_a_tag_which_counts_those_that_are_open(
    pair: tuple[Services, ...],
) -> None:
    one, other = pair
    nora = await add_agent(one, "Nora")
    ada, bob = [(await hand_off(one, name)).conversation_id for name in ("ada", "bob")]
    await hand_off(one, "eve")
    for conversation_id, name in ((ada, "vip"), (bob, "vip"), (bob, "press")):
        await tags.add(one, conversation_id, nora, name)
    await claim(one, bob, nora)
    await resolve(one, bob, nora)
    async with other.database.read() as uow:
        assert await uow.tags.many([ada, bob]) == {ada: ["vip"], bob: ["press", "vip"]}
        assert await uow.tags.page(after=None, limit=1) == [("press", 0)]
        assert await uow.tags.page(after="press", limit=5) == [("vip", 1)]
        found = await uow.conversations.page(ConversationFilter(tag="vip"), limit=5)
        assert {each.id for each in found} == {ada, bob}
        narrowed = ConversationFilter(tag="vip", state=State.WAITING)
        assert [each.id for each in await uow.conversations.page(narrowed, limit=5)] == [ada]
        searched = await uow.search.page(
            ["hello"], ConversationFilter(tag="press"), before=None, limit=5
        )
        assert [each.conversation.id for each in searched] == [bob]
