"""Must-pass examples, over every database."""

from __future__ import annotations

import pytest

from bot import must_pass_list
from bot.errors import Conflict, InvalidInput, NotFound
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent


async def listed(services: Services) -> list[tuple[str, str]]:
    async with services.database.read() as uow:
        return [(one.text, one.intent) for one in await uow.must_pass.all()]


@over_both_databases
async def test_examples_are_added_once_and_removed(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    first = await must_pass_list.add(services, " Where is\nmy order? ", "track_order", by=lena)
    await must_pass_list.add(services, "I want a refund", "get_refund", by=lena)
    with pytest.raises(Conflict):
        await must_pass_list.add(services, "Where is my order?", "get_refund", by=lena)
    assert await listed(services) == [
        ("Where is my order?", "track_order"),
        ("I want a refund", "get_refund"),
    ]
    await must_pass_list.remove(services, first.id, by=lena)
    with pytest.raises(NotFound):
        await must_pass_list.remove(services, first.id, by=lena)
    assert await listed(services) == [("I want a refund", "get_refund")]
    async with services.database.read() as uow:
        log = await uow.audit_log.page(before=None, limit=9)
    assert [(entry.action, entry.user_id) for entry in log] == [
        ("must_pass.removed", lena),
        ("must_pass.added", lena),
        ("must_pass.added", lena),
    ]
    assert "order" not in str([entry.details for entry in log]).replace("track_order", "")


@over_both_databases
@pytest.mark.parametrize(
    ("text", "intent", "field"),
    [(" ", "a", "text"), ("a", "", "intent"), ("x" * 501, "a", "text"), ("a", "y" * 201, "intent")],
)
async def test_what_is_wrong_is_named(
    pair: tuple[Services, ...], text: str, intent: str, field: str
) -> None:
    services, *_ = pair
    lena = (await add_agent(services, "Lena")).id
    with pytest.raises(InvalidInput) as refused:
        await must_pass_list.add(services, text, intent, by=lena)
    assert refused.value.detail == {"field": field}
    assert await listed(services) == []
