"""Whether a secret key is one: sessions are safe only as long as nobody can guess it."""

from __future__ import annotations

SHORTEST = 32
FEWEST_DIFFERENT = 10  # of a random key's 32 hexadecimal digits 14 are, mostly
# What documents, forums and compose files are full of.
_EXAMPLES = (
    *("changeme", "change-me", "change_me", "change-this", "your-secret", "yoursecret"),
    *("secret-key", "secret_key", "secretkey", "example", "placeholder", "insecure"),
    *("0123456789abcdef", "abcdefghijkl", "12345678901234567890", "qwertyuiop"),
)


def weakness(key: str) -> str | None:
    """What is wrong with it, in words that do not repeat it; None for a good one."""
    if len(key) < SHORTEST:
        return f"shorter than {SHORTEST} characters"
    plain = key.casefold()
    if any(example in plain for example in _EXAMPLES):
        return "an example that everybody knows"
    if len(set(plain)) < FEWEST_DIFFERENT or _repeats(plain):
        return "the same characters over and over"
    return None


def _repeats(text: str) -> bool:
    """Whether it is one piece at least three times in a row."""
    piece = (text + text).find(text, 1)  # the length of it; of the whole text where none repeats
    return piece * 3 <= len(text)
