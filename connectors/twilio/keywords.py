"""The words that carriers want obeyed on a telephone number: to stop, to start again, for help.

Twilio obeys them too: after a word to stop it refuses our messages itself (21610).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.messages import InboundKind

LONGEST = 20
_WORDS: Mapping[str, InboundKind] = {
    "STOP": "opt_out",
    "STOPALL": "opt_out",
    "UNSUBSCRIBE": "opt_out",
    "CANCEL": "opt_out",
    "END": "opt_out",
    "QUIT": "opt_out",
    "REVOKE": "opt_out",
    "OPTOUT": "opt_out",
    "START": "opt_in",
    "UNSTOP": "opt_in",
    # YES opts in too, but mostly it answers a question of ours. Which it was only Twilio knows.
    "HELP": "help",
    "INFO": "help",
}
_TYPES: Mapping[str, InboundKind] = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")


def kind(text: str) -> InboundKind:
    """What a text asks for: a word counts only as the whole message, in any case and punctuation,
    so that "cancel my order" stays a message."""
    trimmed = text.strip()
    word = _AROUND.sub("", trimmed) if len(trimmed) <= LONGEST else ""
    return _WORDS.get(word.upper(), "message")


def obeyed(opt_out_type: str) -> InboundKind | None:
    """What Twilio says it has obeyed, and answered, by the words that its customer set up."""
    return _TYPES.get(opt_out_type.upper())
