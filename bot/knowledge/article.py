"""An article: a Markdown file of `data/knowledge/`, cut into passages by its headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import SetupError

FENCE = "---"
KEYS = ("title", "url", "keywords")
MARKDOWN = MarkdownIt(
    "commonmark", {"html": False}
)  # what looks like HTML is shown as it is written
EXAMPLE = "Begin it with `---`, `title: …`, `url: /help/…` and `---`, each on a line of its own."


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading, in plain words; without headings, the whole article."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """One file as it was read; `url` is a path of the shop's site, or an address elsewhere.

    What stands above the first heading leads into the page and answers nothing by itself.
    """

    path: Path
    title: str
    url: str
    keywords: tuple[str, ...]
    body: str  # Markdown
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    def address(self, site: str) -> str:
        """Where people read it, when the site's own pages are below this address."""
        return f"{site}{self.url}" if self.url.startswith("/") else self.url


def read_article(path: Path) -> Article:
    """Read the file; raise SetupError naming it, the line and the cure."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            f"the article cannot be read ({error})",
            where=str(path),
            cure="Check its permissions, and that it is a UTF-8 text.",
        ) from error
    if not lines or lines[0].strip() != FENCE:
        raise SetupError(
            "the article says nothing of itself", where=f"{path}, line 1", cure=EXAMPLE
        )
    end = next((at for at, line in enumerate(lines) if at and line.strip() == FENCE), None)
    if end is None:
        raise SetupError("the second `---` is missing", where=f"{path}, line 1", cure=EXAMPLE)
    head = _front_matter(path, lines[1:end])
    body = "\n".join(lines[end + 1 :]).strip()
    return Article(
        path=path,
        title=_text(path, head, "title"),
        url=_url(path, head),
        keywords=_keywords(path, head),
        body=body,
        passages=_passages(path, "\n".join(lines[end + 1 :]), first_line=end + 2),
    )


def _front_matter(path: Path, lines: Sequence[str]) -> Mapping[str, Any]:
    try:
        head = YAML(typ="safe").load("\n".join(lines))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else "?"
        raise SetupError(
            f"not valid YAML: {error.problem}",
            where=f"{path}, line {line}",
            cure="Put a text with a colon in it in quotes.",
        ) from error
    if not isinstance(head, dict):
        raise SetupError(
            "the article says nothing of itself", where=f"{path}, line 2", cure=EXAMPLE
        )
    for key in head:
        if key not in KEYS:
            raise SetupError(
                f"unknown key '{key}'",
                where=f"{path}, line {_line_of(lines, key)}",
                cure=f"Known keys: {', '.join(KEYS)}.",
            )
    return head


def _line_of(lines: Sequence[str], key: str) -> int:
    return next((at + 2 for at, line in enumerate(lines) if line.startswith(f"{key}:")), 2)


def _text(path: Path, head: Mapping[str, Any], key: str) -> str:
    value = head.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SetupError(f"the article has no {key}", where=f"{path}, key '{key}'", cure=EXAMPLE)
    return value.strip()


def _url(path: Path, head: Mapping[str, Any]) -> str:
    url = _text(path, head, "url")
    if not url.startswith(("/", "https://", "http://")) or url.startswith("//") or " " in url:
        raise SetupError(
            f"'{url}' is no path of the site",
            where=f"{path}, key 'url'",
            cure="Write the path from the root, such as `/help/returns`, or a whole address.",
        )
    return url


def _keywords(path: Path, head: Mapping[str, Any]) -> tuple[str, ...]:
    words = head.get("keywords") or []
    if not isinstance(words, list):
        raise SetupError(
            "a list is expected",
            where=f"{path}, key 'keywords'",
            cure="Write `keywords: [one, another]`.",
        )
    return tuple(str(word) for word in words)


def _passages(path: Path, body: str, *, first_line: int) -> tuple[Passage, ...]:
    lead: list[str] = []
    found: list[tuple[str, int, list[str]]] = []
    tokens = MARKDOWN.parse(body)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            line = first_line + (token.map or [0])[0]
            found.append((_plain(tokens[place + 1]), line, []))
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            item = place > 1 and tokens[place - 2].type == "list_item_open"
            (found[-1][2] if found else lead).append(("• " if item else "") + _plain(token))
        elif token.type in ("fence", "code_block"):
            (found[-1][2] if found else lead).append(token.content.strip())
    for heading, line, texts in found:
        if not heading or not texts:
            raise SetupError(
                f"nothing stands under “{heading}”" if heading else "a heading without words",
                where=f"{path}, line {line}",
                cure="Write its text, or delete the heading.",
            )
    if found:
        return tuple(Passage(heading, "\n".join(texts)) for heading, _, texts in found)
    if not lead:
        raise SetupError(
            "the article has no text",
            where=f"{path}, line {first_line}",
            cure="Write it, or delete the file.",
        )
    return (Passage("", "\n".join(lead)),)


def _plain(inline: Token) -> str:
    return " ".join("".join(_words(inline.children or ())).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("text", "code_inline", "image"):
            yield token.content
