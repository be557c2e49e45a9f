"""Views of the log that leads keep, over every database."""

from __future__ import annotations

import pytest

from bot import turn_views
from bot.errors import Conflict, InvalidInput, NotFound
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent


@over_both_databases
async def test_each_lead_has_their_own(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    lena, liam = await add_agent(services, "Lena"), await add_agent(services, "Liam")
    kept = await turn_views.add(services, lena, " Refunds ", "outcome=misunderstood&q=a+b")
    assert (kept.name, kept.filters) == ("Refunds", "q=a+b&outcome=misunderstood")
    with pytest.raises(Conflict):
        await turn_views.add(services, lena, "Refunds", "q=x")
    await turn_views.add(services, liam, "Refunds", "q=x")
    with pytest.raises(NotFound):
        await turn_views.remove(services, liam, kept.id)
    async with services.database.read() as uow:
        assert await uow.turn_views.of_user(lena.id) == [kept]
    await turn_views.remove(services, lena, kept.id)
    async with services.database.read() as uow:
        assert await uow.turn_views.of_user(lena.id) == []


@over_both_databases
@pytest.mark.parametrize(
    ("name", "filters", "field"),
    [
        (" ", "q=a", "name"),
        ("x" * 61, "q=a", "name"),
        ("a", "", "filters"),
        ("a", "limit=9", "filters"),
        ("a", "q=" + "x" * 1000, "filters"),
        ("a", "q=a\0", "filters"),
    ],
)
async def test_what_is_wrong_is_named(
    pair: tuple[Services, ...], name: str, filters: str, field: str
) -> None:
    services, *_ = pair
    lena = await add_agent(services, "Lena")
    with pytest.raises(InvalidInput) as refused:
        await turn_views.add(services, lena, name, filters)
    assert refused.value.detail == {"field": field}
