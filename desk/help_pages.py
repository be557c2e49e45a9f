"""The shop's articles as pages for people, so that links to them lead somewhere.

Rendered from Markdown, of which HTML is no part: whatever an article holds, it is shown as text.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from markupsafe import Markup

from bot.knowledge.article import MARKDOWN, Article
from bot.knowledge.shelf import Shelf
from desk.pages import page

HELP = "/help"
GONE = ("There is no such page", "It may have been renamed. All our help pages are under /help.")


class HelpPages:
    """An index, and a page for each article whose url is a path below `/help`."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def mount(self, app: web.Application) -> None:
        app.router.add_get(HELP, self.index)
        app.router.add_get(f"{HELP}/{{slug}}", self.article)

    async def index(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._index)

    async def article(self, request: web.Request) -> web.Response:
        return await asyncio.to_thread(self._article, request.path)

    def _index(self) -> web.Response:
        articles = sorted(self._shelf.articles(), key=lambda article: article.title.lower())
        return page("help.html", articles=articles)

    def _article(self, path: str) -> web.Response:
        found = next((one for one in self._shelf.articles() if one.url == path), None)
        if found is not None:
            return page("article.html", article=found, body=rendered(found))
        title, text = GONE
        missing = page("notice.html", title=title, text=text)
        missing.set_status(404)
        return missing


def rendered(article: Article) -> Markup:
    """The article's HTML; the parser lets neither its author's own HTML nor a script through."""
    return Markup(MARKDOWN.render(article.body))  # noqa: S704
