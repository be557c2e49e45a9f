"""The leads' figures over contacts, over HTTP."""

from __future__ import annotations

import pytest

from bot.clock import now
from tests.client import Warmline, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_contact_is_counted_and_opens_its_conversation(house: Warmline) -> None:
    visitor = await house.visitor()
    await visitor.answer("hello there")
    lead = await house.staff("lead@demo.test")
    today = now().date().isoformat()

    conversation = (await visitor.look())["conversation"]["id"]

    async def counted() -> bool | None:
        listed = (await lead.get("/insight/contacts?figure=contacts&channel=web"))["items"]
        days = (await lead.get("/insight/days"))["items"]
        is_listed = conversation in {each["conversation_id"] for each in listed}
        return (is_listed and any(day["contacts"] > 0 for day in days)) or None

    await eventually(counted)
    found = await lead.get(f"/insight?since={today}&until={today}")
    figures = {figure["name"]: figure for figure in found["figures"]}
    known = (await lead.get("/insight/definitions"))["items"]
    assert list(figures) == [each["name"] for each in known]
    assert figures["contacts"]["value"] >= 1
    assert figures["contacts"]["previous"]["value"] == 0
    assert figures["containment"]["value"] is None  # nobody knows yet
    assert found["channels"][0]["value"] == "web"
    alone = await lead.get("/insight?compare=none")
    assert alone["previous_since"] is None
    assert all(figure["previous"] is None for figure in alone["figures"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?since=2026-03-02&until=2026-03-01", "'since' is after 'until'"),
        ("?since=2020-01-01&until=2026-03-01", "more than 366 days"),
        ("?since=1999-01-01&until=1999-03-01", "before 2000-01-01"),
        ("/days?until=0001-01-04", "before 2000-01-01"),
        ("/contacts?figure=happiness", "There is no figure 'happiness'"),
        ("/contacts?cursor=%00", "cursor"),
        ("?channel=%00", "NUL"),
        ("?colour=red", "colour"),
    ],
)
async def test_nonsense_is_refused_in_words(house: Warmline, query: str, says: str) -> None:
    lead = await house.staff("lead@demo.test")
    refusal = await lead.get(f"/insight{query}", status=422)
    assert says in str(refusal["error"])


async def test_days_without_anything_have_figures_over_nothing(house: Warmline) -> None:
    lead = await house.staff("lead@demo.test")
    found = await lead.get("/insight?since=2001-01-01&until=2001-01-07")
    assert {figure["n"] for figure in found["figures"]} == {0}
    assert found["channels"] == []
    assert (await lead.get("/insight/days?since=2001-01-01&until=2001-01-07"))["items"] == []
