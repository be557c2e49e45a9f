"""Slack's own way to write text, to and from what people read.

Contract: Slack, "Formatting message text". `&`, `<` and `>` are escaped; what stands between a `<`
and a `>` is a link, a channel, or somebody who is called.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

_REFERENCE = re.compile(r"<([^<>]*)>")
_FIRST_MENTION = re.compile(r"\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*")


def escaped(text: str) -> str:
    """The text as Slack shows it letter for letter: nothing in it links, or calls anybody."""
    return html.escape(text, quote=False)


def unescaped(text: str) -> str:
    """Exactly the three that Slack escapes: an `&eacute;` that somebody wrote stays one."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def readable(text: str) -> str:
    """The text with links, names and escaped characters as a reader sees them."""
    return unescaped(_REFERENCE.sub(lambda found: _shown(found[1]), text))


def first_mention(text: str) -> str | None:
    """The id of whoever the text begins by calling."""
    found = _FIRST_MENTION.match(text)
    return found[1] if found else None


def mentions(text: str, users: Collection[str]) -> bool:
    """Whether the text calls one of these."""
    return any(f"<@{user}>" in text or f"<@{user}|" in text for user in users)


def without_mention(text: str) -> str:
    """The text without the name that it begins with."""
    return _FIRST_MENTION.sub("", text, count=1)


def _shown(reference: str) -> str:
    target, _, label = reference.partition("|")
    if target.startswith("@"):
        return f"@{label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        # <!here>, <!subteam^S1|@sales>, <!date^1392734382^{date}|Feb 18>
        return label or f"@{target[1:].partition('^')[0]}"
    if not label:
        return target
    # Slack makes links of addresses by itself: then the label is what was typed.
    return label if label in target else f"{label} ({target})"
