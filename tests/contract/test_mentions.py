"""Notes that mention colleagues, until those have looked, over every database."""

from __future__ import annotations

import pytest

from bot.agent_message import add_note
from bot.clock import now
from bot.errors import NotFound
from bot.mentions import looked, mentioned_in
from bot.records import Message, User
from bot.services import Services
from bot.store.conversations import ConversationFilter
from tests.conftest import over_both_databases
from tests.processes import add_agent, hand_off

PEOPLE = [
    User(str(number), "", name, "agent", "", now())
    for number, name in enumerate(("Nora", "Nora Berg", "Jo", "O'Neil (night)"))
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Nora please look", ["Nora"]),
        ("@nora berg, please look, @JO.", ["Nora Berg", "Jo"]),
        ("@Nora and @Nora Berg", ["Nora", "Nora Berg"]),
        ("(@O'Neil (night))", ["O'Neil (night)"]),
        ("ada@jo.test, @Joanna, Jo, @ Jo", []),
    ],
)
def test_a_whole_name_behind_an_at_sign_mentions(text: str, names: list[str]) -> None:
    assert [one.name for one in mentioned_in(text, PEOPLE)] == names


def test_nobody_is_mentioned_where_nobody_is() -> None:
    assert mentioned_in("@Jo", []) == []


@over_both_databases
async def test_whoever_is_mentioned_is_pointed_to_it_until_they_look(
    pair: tuple[Services, ...],
) -> None:
    one, other = pair
    nora, jo, kim = [await add_agent(one, name) for name in ("Nora", "Jo", "Kim")]
    there = (await hand_off(one)).conversation_id
    await hand_off(one, "bob")

    async def note(text: str, client_id: str | None = None) -> Message:
        return await add_note(one, there, nora, text, client_id=client_id)

    async def waiting() -> tuple[dict[str, list[str]], list[str]]:
        async with other.database.read() as uow:
            page = await uow.conversations.page(ConversationFilter(mentioned_id=jo.id), limit=5)
            return await uow.mentions.waiting([there]), [each.id for each in page]

    first = await note("@Jo @Kim can you help? @Nora", "n1")
    assert await note("@Jo @Kim can you help? @Nora", "n1") == first
    await note("@Jo it is urgent")
    assert await waiting() == ({there: sorted([jo.id, kim.id])}, [there])
    with other.bus.subscribe() as told:
        await looked(other, there, jo)
        assert (await told.next()).conversation_id == there
    await looked(other, there, jo)
    assert await waiting() == ({there: [kim.id]}, [])
    await note("@Jo again")
    assert (await waiting())[1] == [there]
    with pytest.raises(NotFound):
        await looked(one, "nobody's", jo)
