"""The three people at their screens: what each sees and does, in the words of the pages."""

from __future__ import annotations

from playwright.async_api import FrameLocator, Locator, Page, expect

from bot import demo

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


class Shopper:
    """A customer on a page that embeds the chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat: FrameLocator = page.frame_locator("iframe[title='Support chat']")
        self.box: Locator = self.chat.get_by_label("Your message")
        self.owner: Locator = self.chat.locator(".owner-words")
        self.connection: Locator = self.chat.locator(".connection")
        self.ask_for_person: Locator = self.chat.get_by_role("button", name="Talk to a person")

    async def visit(self, address: str, *, customer: str | None = None) -> None:
        """Open the page, as one of the demo's customers if it offers them."""
        await self.page.goto(address)
        if customer is not None:
            offered = self.page.get_by_label("You are")
            text = await offered.get_by_role("option", name=customer).inner_text()
            await offered.select_option(label=text)

    async def open_chat(self) -> None:
        await self.page.get_by_role("button", name="Open chat").click()
        await expect(self.connection).to_have_text("Connected")

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    def line(self, text: str) -> Locator:
        """Every bubble with these words."""
        return self.chat.locator(".bubble").filter(has_text=text)

    async def hears(self, text: str) -> None:
        await expect(self.line(text)).to_have_count(1)


class Staff:
    """Somebody of the support team, on the desk or the console."""

    def __init__(self, page: Page, email: str) -> None:
        self.page = page
        self.email = email
        self.rows: Locator = page.locator("conversation-list a.row")
        self.thread: Locator = page.locator("conversation-thread")
        self.card: Locator = self.thread.locator("handoff-card")

    async def sign_in(self, address: str) -> None:
        await self.page.goto(address)
        await self.page.get_by_label("Email").fill(self.email)
        await self.page.get_by_label("Password").fill(demo.PASSWORD)
        await self.page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(self.page.locator(".bar-connection")).to_have_text("Live")

    async def claim(self, customer: str) -> None:
        await self.rows.filter(has_text=customer).click()
        await self.press("Claim")
        await expect(self.thread.locator(".badge.owner")).to_have_text("You")

    async def block(self, why: str, *, how_long: str | None = None) -> None:
        """Block the customer of the conversation at hand."""
        await self.page.get_by_role("button", name="Block…").click()
        dialog = self.page.get_by_role("dialog", name="Block")
        await expect(dialog.get_by_label("Why?")).to_be_focused()
        await dialog.get_by_label("Why?").select_option(why)
        if how_long is not None:
            await dialog.get_by_label("For how long?").select_option(how_long)
        await dialog.get_by_role("button", name="Block").click()
        await expect(dialog).to_have_count(0)

    async def press(self, name: str) -> None:
        await self.thread.get_by_role("button", name=name, exact=True).click()

    async def reply(self, text: str) -> None:
        await self.thread.get_by_role("tab", name="Reply").click()
        await self._write(text)

    async def note(self, text: str) -> None:
        await self.thread.get_by_role("tab", name="Private note").click()
        await self._write(text)

    async def _write(self, text: str) -> None:
        field = self.thread.locator("#composer-field")
        await field.fill(text)
        await field.press("Control+Enter")
        await self.hears(text)
        await expect(self.thread.get_by_text("Sending…")).to_have_count(0)

    async def return_to_bot(self) -> None:
        await self.press("Return to the bot")
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Return to the bot").click()
        await expect(dialog).to_have_count(0)

    def line(self, text: str) -> Locator:
        return self.thread.locator("thread-log .bubble").filter(has_text=text)

    def stage(self, text: str) -> Locator:
        """How far the message with these words got, as it is read out."""
        return self.line(text).locator(".bubble-stage")

    async def hears(self, text: str) -> None:
        await expect(self.line(text)).to_have_count(1)
