"""A server with the widget and one messaging channel, whose provider is at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import new_id
from bot.live_model import Assistant
from bot.messages import Reach
from bot.settings import load_settings
from connectors import CONNECTORS
from desk.visitors import customer_token
from tests.client import Staff, Visitor, Warmline, eventually
from tests.conftest import ROOT, serving
from tests.provider import FakeProvider, ProviderConnector, provider

SHOP_SECRET = "the shop's own secret, long enough to sign with"
ADDRESS = "+15551230000"


class AcmeConnector(ProviderConnector):
    """The provider's channel, which customers can be told to go on at."""

    def reach(self, code: str) -> Reach:
        return Reach("Acme", "+15550001111", f"acme:+15550001111?body={code}")


@dataclass(frozen=True, slots=True)
class House:
    """The server, and the provider that its customers at `acme` write through."""

    warmline: Warmline
    provider: FakeProvider

    async def write(self, text: str, address: str = ADDRESS) -> None:
        body = {"messages": [{"id": new_id(), "from": address, "text": text}]}
        async with self.warmline.client.post("/webhooks/acme/webhook", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def hear(self, wanted: str, address: str = ADDRESS) -> str:
        """The newest text to this address in which these words are, once there is one."""

        async def heard() -> str | None:
            found = [text for text in self.provider.texts(address) if wanted in text]
            return found[-1] if found else None

        return await eventually(heard)

    async def signed_in(self, guest: Visitor | None, reference: str) -> Visitor:
        """The widget on the page of a customer whom the shop vouches for."""
        token = customer_token(
            SHOP_SECRET,
            reference=reference,
            name="Ben Okafor",
            email="ben@customer.test",
            lasts=timedelta(hours=1),
        )
        body = {"customer_token": token, **({"token": guest.token} if guest else {})}
        client = self.warmline.client
        async with client.post("/api/v1/widget/sessions", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return Visitor(client, (await answer.json())["token"])

    async def claimed(self, agent: Staff, visitor: Visitor) -> str:
        """The visitor's conversation, in the agent's hands."""
        await visitor.answer("a person", "/contact_human_agent")
        at = f"/conversations/{(await visitor.look())['conversation']['id']}"
        await agent.post(f"{at}/claim")
        return at


@asynccontextmanager
async def opened(
    assistant: Assistant, folder: Path, patch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The house, until the block ends."""
    path = folder / "credentials.yml"
    path.write_text(f'web: {{customer_secret: "{SHOP_SECRET}"}}\nacme: {{}}\n', "utf-8")
    options = {"data_dir": str(folder), "credentials": str(path)}
    settings = load_settings(options, demo=True, project=ROOT, environment={})
    async with provider() as fake:
        patch.setitem(CONNECTORS, "acme", lambda block: AcmeConnector(fake.url))
        async with serving(settings, assistant) as warmline:
            yield House(warmline, fake)
