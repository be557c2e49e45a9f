"""The privacy notice and consent in the widget, and that no secret is ever stored or logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.abuse.limits import AbuseLimits
from bot.app import SERVICES
from bot.carry_over import sign_in
from bot.errors import TooMany
from bot.limits import MemoryLimits
from bot.messages import CustomerClaim, Limit
from bot.privacy.consent import give_consent
from bot.privacy.policy_file import PolicyFile
from bot.services import Services
from bot.store.tables import identities
from tests.client import API, Visitor, Warmline

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILE = """
controller: Acme
statement: /privacy
version: "{version}"
consent: {consent}
words:
  en: {{notice: "A bot of {{controller}}, {{days}} days: {{statement}}", short: "Bot"}}
  de: {{notice: "Ein Bot. {{statement}}", short: "Bot", agree: "Einverstanden"}}
keep_days: {{conversations: 30}}
"""


@pytest.fixture
def services(house: Warmline) -> Services:
    return house.app[SERVICES]


@pytest.fixture
def privacy(services: Services, tmp_path: Path) -> Iterator[PolicyFile]:
    """The running server's, reading a file of the test's own."""
    file = services.privacy
    assert file is not None
    own = file.path
    file.path = tmp_path / "privacy.yml"
    yield file
    file.path = own
    file._read_at = 0


def write(privacy: PolicyFile, *, consent: str = "ask", version: str = "1") -> None:
    privacy.path.write_text(FILE.format(consent=consent, version=version), "utf-8")
    privacy._read_at = 0  # a clock may not tell two writes apart


async def refused(visitor: Visitor, text: str = "hello") -> str:
    answer = await visitor.call("POST", "/widget/messages", {"id": "one", "text": text}, status=403)
    return str(answer["error"]["code"])


async def agree(visitor: Visitor, version: str | None, *, status: int = 204) -> None:
    await visitor.call("POST", "/widget/consent", {"version": version}, status=status)


async def known(services: Services) -> int:
    async with services.database.reader.connect() as connection:
        counted = sa.select(sa.func.count()).select_from(identities)
        return int((await connection.execute(counted)).scalar_one())


async def newest(services: Services) -> str:
    """The address of the newest visitor."""
    async with services.database.reader.connect() as connection:
        newest_first = sa.select(identities.c.address).order_by(identities.c.id.desc()).limit(1)
        return str((await connection.execute(newest_first)).scalar_one())


async def test_the_widget_says_it_in_the_browsers_language(
    house: Warmline, privacy: PolicyFile
) -> None:
    write(privacy)
    for accepted, words in (
        ("de-AT, en;q=0.5", ("Ein Bot.", 'lang="de"', "Einverstanden")),
        ("fr, x;;;, en-GB;q=0.2", ("A bot of Acme, 30 days:", 'lang="en"', "I agree")),
        ("", ("A bot of Acme", "/privacy", "data-asks")),
    ):
        headers = {"Accept-Language": accepted}
        async with house.client.get("/widget", headers=headers) as response:
            page = await response.text()
        assert all(each in page for each in words), accepted


async def test_nothing_is_kept_before_consent_nor_after_it_was_taken_back(
    house: Warmline, services: Services, privacy: PolicyFile
) -> None:
    write(privacy)
    before = await known(services)
    visitor = await house.visitor()
    assert await refused(visitor, "a zebra before consent") == "consent_required"
    assert await known(services) == before
    await agree(visitor, "1")
    await agree(visitor, "1")
    await visitor.say("hello")
    write(privacy, version="2")
    assert await refused(visitor) == "consent_required"
    await agree(visitor, "1", status=409)
    await agree(visitor, "2")
    await visitor.say("hello again")
    await agree(visitor, None)
    assert await refused(visitor) == "consent_required"
    async with services.database.reader.connect() as connection:
        found = await connection.execute(
            sa.select(identities)
            .where(identities.c.consent_version == "2")
            .order_by(identities.c.consented_at.desc())
        )
        row = found.first()
    assert row is not None
    assert row.consented_at <= row.withdrawn_at


async def test_consent_is_asked_for_on_every_way_in(
    house: Warmline, services: Services, privacy: PolicyFile
) -> None:
    write(privacy)
    before = await known(services)
    visitor = await house.visitor()
    async with house.client.ws_connect(f"{API}/widget/socket") as socket:
        await socket.send_json({"type": "hello", "token": visitor.token, "after": 0})
        await socket.send_json({"type": "message", "id": "one", "text": "a zebra by socket"})
        async for frame in socket:
            said = frame.json()
            if said["type"] == "error":
                break
        assert said["error"]["code"] == "consent_required"
    for path, body in (
        ("/widget/survey", {"survey": "x", "comment": "a zebra"}),
        ("/widget/codes", {}),
        ("/widget/proofs", {"channel": "twilio", "address": "+15551234567"}),
        ("/widget/proofs/confirm", {"code": "123456"}),
    ):
        refusal = await visitor.call("POST", path, body, status=403)
        assert refusal["error"]["code"] == "consent_required", path
    assert await known(services) == before
    # Who agreed as a guest and took it back signs in at the shop.
    await agree(visitor, "1")
    await visitor.say("a zebra as a guest")
    await agree(visitor, None)
    claim = CustomerClaim("C-7781", "Zed Brah", "zed@customer.test", "verified", "signed in")
    signed_in = partial(sign_in, services, "web", await newest(services), "customer:C-7781", claim)
    await signed_in()
    async with services.database.read() as uow:
        assert await uow.customers.by_reference("C-7781") is None
    assert await known(services) == before + 1
    await agree(visitor, "1")
    await signed_in()
    async with services.database.read() as uow:
        assert await uow.customers.by_reference("C-7781") is not None


async def test_consent_of_newcomers_is_limited_as_their_messages_are(
    house: Warmline, services: Services, privacy: PolicyFile
) -> None:
    write(privacy)
    none = AbuseLimits(newcomers=Limit(messages_a_second=1e-6, burst=0))
    full = replace(services, abuse=none, limits=MemoryLimits())
    before = await known(services)
    with pytest.raises(TooMany):
        await give_consent(full, "web", "guest:nobody-yet", CustomerClaim(), "1")
    assert await known(services) == before


async def test_where_nothing_is_asked_nothing_is_refused(
    house: Warmline, privacy: PolicyFile
) -> None:
    write(privacy, consent="notice")
    visitor = await house.visitor()
    await visitor.say("hello")
