"""A customer on web chat and WhatsApp, with all that an agent can come to see of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from playwright.async_api import expect

from bot.app import SERVICES
from bot.assistant.reply import ReplyMessage
from bot.clock import now
from bot.events import Event
from bot.intake import receive
from bot.messages import Attachment, CustomerClaim, InboundMessage
from bot.transcript import add_replies
from simulator.base import answering
from simulator.whatsapp_limits import error
from tests.browser.people import Shopper, Staff
from tests.contract.channels import Channel

BEN = CustomerClaim("C-1012", "Ben Okafor", None, "verified", "signed in to the shop")
SITE = "http://127.0.0.1"  # over https, a browser would keep the session's cookie to itself
RECEIPT = Attachment("file", "media-2", "application/pdf", "receipt 10861.pdf", 84_400)
HOME = Attachment("location", latitude=51.50735, longitude=-0.12776, name="Home")
FAILURES = {
    "undeliverable": error(131026, "Message undeliverable"),
    "window": error(131047, "Late"),
}


@dataclass(frozen=True, slots=True)
class TwoChannels:
    """The server with its WhatsApp, and whoever looks at it."""

    whatsapp: Channel
    ben: Shopper
    nora: Staff

    def address(self, path: str = "/") -> str:
        return str(self.whatsapp.warmline.client.make_url(path))

    async def does(self, number: int, text: str = "", **also: Any) -> None:
        """What the simulated provider's customers cannot do by themselves."""
        inbound = InboundMessage(
            "whatsapp", self.whatsapp.provider.address, f"wamid.{number}", text, claim=BEN
        )
        await receive(self.whatsapp.warmline.app[SERVICES], replace(inbound, **also))

    async def show_picture(self, text: str, picture: str) -> None:
        """The bot shows Ben something on web chat, as a response with an image does."""
        services = self.whatsapp.warmline.app[SERVICES]
        async with services.database.write() as uow:
            conversation = await uow.conversations.lock_of_address("web", "customer:C-1012")
            assert conversation is not None
            asked = await uow.messages.last_of_customer(conversation.id)
            assert asked is not None
            assert asked.turn_id is not None
            conversation = await uow.conversations.next_seq(conversation, at=now())
            said = [ReplyMessage(text, image=picture)]
            (line,) = await add_replies(uow, conversation, asked, asked.turn_id, said, at=now())
        await services.bus.publish(Event("message", conversation.id, {"message_id": line.id}))

    def refuse(self, why: str) -> None:
        """WhatsApp's answer to what is sent next."""
        trouble = answering(400, FAILURES[why])

        def refused(request: web.Request) -> web.StreamResponse:
            return trouble(request)

        self.whatsapp.provider.script.troubles.append(refused)

    async def begin(self) -> None:
        """Ben writes on both, and Nora takes over."""
        await self.nora.sign_in(self.address("/desk"))
        await self.ben.visit(self.address(), customer="Ben Okafor")
        await self.ben.open_chat()
        await self.ben.say("where is my order")
        await self.ben.hears("order 10861")
        await self.does(1, "My parcel 10816 looks like this:")
        await self.whatsapp.hear("")
        await self.does(2, "My parcel 10861 looks like this:", kind="edit", about="wamid.1")
        await self.whatsapp.post(
            self.whatsapp.provider.sends_picture(self.whatsapp.provider.address)
        )
        await self.does(3, "The receipt", attachments=(RECEIPT, HOME))
        await self.whatsapp.say("I want to talk to a human")
        await self.whatsapp.hear("person")
        await self.nora.claim("Ben Okafor")

    async def deliver(self, text: str, state: str) -> None:
        """WhatsApp reports what became of a message of ours."""
        taken = await self.whatsapp.hear(text)
        report = self.whatsapp.provider.reports(taken, state)
        assert report is not None
        await self.whatsapp.post(report)

    async def whole(self) -> None:
        """Everything at once: read, refused, held, reacted to."""
        nora = self.nora
        await self.begin()
        await nora.reply("Hello Ben, that box was opened on the way. I am sorry.")
        await self.deliver("opened on the way", "delivered")
        await self.deliver("opened on the way", "read")
        await expect(nora.stage("opened on the way")).to_have_text("✓✓Read")
        taken = await self.whatsapp.hear("opened on the way")
        await self.does(4, "👍", kind="reaction", about=taken.id)
        self.refuse("undeliverable")
        await nora.reply("A new one leaves today.")
        await expect(nora.line("A new one leaves today.")).to_contain_text("Not delivered")
        self.refuse("window")
        await nora.reply("Did it arrive?")
        await expect(nora.line("Did it arrive?")).to_contain_text("Waits until the customer writes")
