"""What may be sent as a file, told by its bytes, and what it may be called."""

from __future__ import annotations

import pytest

from bot.errors import InvalidInput, TooLarge
from bot.files import LARGEST, LONGEST_NAME, checked_name, content_type_of


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.html", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("label.pdf", b"%PDF-1.7", "application/pdf"),
        ("A.TXT", "Füße".encode(), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
    ],
)
def test_what_it_is_say_its_bytes(name: str, body: bytes, content_type: str) -> None:
    assert content_type_of(name, body) == content_type


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("sound.wav", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        ("letter.txt", b"\x00\x01"),
        ("letter.txt", b"\xff\xfe"),
        ("setup.exe", b"MZ"),
        ("nothing.txt", b""),
    ],
)
def test_what_cannot_be_sent_is_named(name: str, body: bytes) -> None:
    with pytest.raises(InvalidInput, match=name):
        content_type_of(name, body)


def test_too_much_is_named_with_the_bound() -> None:
    with pytest.raises(TooLarge, match=r"film\.png.*At most 5 MB"):
        content_type_of("film.png", b"\x00" * (LARGEST + 1))


def test_a_name_is_one_line_that_hides_nothing_and_keeps_its_ending() -> None:
    assert checked_name("C:\\secret\\a\u202egnp.pdf") == "agnp.pdf"
    assert checked_name("../../etc/a\nb.txt") == "a b.txt"
    long = checked_name("x" * 300 + ".pdf")
    assert len(long) == LONGEST_NAME
    assert long.endswith(".pdf")
    for nothing in ("", " \u200b ", "folder/"):
        with pytest.raises(InvalidInput, match="what the file is called"):
            checked_name(nothing)
