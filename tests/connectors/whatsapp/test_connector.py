"""How a message of ours reaches a customer on WhatsApp, and when it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SetupError
from bot.messages import (
    AccountConnector,
    AnsweringConnector,
    Button,
    MediaConnector,
    PartingConnector,
    Receipt,
    ReceiptConnector,
    TypingConnector,
)
from connectors.whatsapp.connector import WhatsAppConnector
from connectors.whatsapp.requests import free_request, parts
from simulator.base import answering
from simulator.whatsapp_limits import check, error
from tests.connectors.whatsapp.line import (
    ADA,
    BLOCK,
    Line,
    saying,
)


def test_it_is_all_that_whatsapp_can_be(line: Line) -> None:
    for protocol in (
        AccountConnector,
        AnsweringConnector,
        MediaConnector,
        PartingConnector,
        ReceiptConnector,
        TypingConnector,
    ):
        assert isinstance(line.connector, protocol)
    assert line.connector.receives == BLOCK["phone_number_id"]


async def test_a_text_is_sent_under_our_own_reference(line: Line) -> None:
    [receipt] = await line.send(saying("On its way."))
    [taken] = line.provider.taken
    assert receipt == Receipt("sent", provider_id=taken.id)
    assert (taken.address, taken.text, taken.buttons) == (ADA, "On its way.", ())
    assert taken.content["biz_opaque_callback_data"] == "01J9"
    assert "to" not in taken.content  # where an id is taken for a number, and lost


@pytest.mark.parametrize("number", ["447700900123", "+44 7700 900123"])
async def test_a_customer_known_by_number_is_sent_to_by_number(line: Line, number: str) -> None:
    await line.send(saying("Hello", address=number))
    assert line.provider.taken[0].content["to"] == number
    assert "recipient" not in line.provider.taken[0].content


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        pytest.param(["Yes"], "button", id="one"),
        pytest.param(["Yes", "No", "x" * 20], "button", id="three"),
        pytest.param(["Yes", "No", "x" * 21], "list", id="a title too long for a button"),
        pytest.param(["Yes", "Yes"], "list", id="two titles alike"),
        pytest.param([f"Choice {number}" for number in range(4)], "list", id="four"),
        pytest.param(["x" * 24 for _ in range(10)], "list", id="ten"),
        pytest.param(["Yes", "x" * 25], "numbers", id="a title too long for a row"),
        pytest.param([f"Choice {number}" for number in range(11)], "numbers", id="eleven"),
        pytest.param(["Yes", " "], "numbers", id="no title"),
    ],
)
async def test_choices_are_shown_as_they_fit(line: Line, titles: list[str], shown: str) -> None:
    [_] = await line.send(saying("Which one?", *titles))
    [taken] = line.provider.taken
    if shown == "numbers":
        lines = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
        assert taken.content["text"]["body"] == "\n".join(["Which one?", *lines]).strip()
    else:
        assert taken.content["interactive"]["type"] == shown
        expected = [(title, f"/{number}") for number, title in enumerate(titles)]
        assert (taken.text, taken.buttons) == ("Which one?", expected)


@pytest.mark.parametrize(
    ("payloads", "shown"),
    [
        (["/" + "x" * 255], "interactive"),
        (["/" + "x" * 256], "text"),
        (["/a", "/b", "/c", "/" + "x" * 199], "interactive"),
        (["/a", "/b", "/c", "/" + "x" * 200], "text"),
        (["/a", "/a"], "text"),
        (["/a", ""], "text"),
    ],
)
async def test_payloads_are_within_limits(line: Line, payloads: list[str], shown: str) -> None:
    choices = tuple(Button(f"Choice {payload[:2]}", payload) for payload in payloads)
    await line.send(saying("Which one?", buttons=choices))
    assert line.provider.taken[0].content["type"] == shown


async def test_choices_without_a_text_are_numbered(line: Line) -> None:
    await line.send(saying("", "Yes", "No"))
    assert line.provider.taken[0].text == "1. Yes\n2. No"


async def test_a_picture_has_its_text_below_it(line: Line) -> None:
    await line.send(saying("x" * 1024, image="https://shop.test/a.png"))
    await line.send(saying("Like it?", "Yes", "No", image="https://shop.test/a.png"))
    await line.send(saying("", image="https://shop.test/a.png"))
    shown = [(taken.image, taken.text) for taken in line.provider.taken]
    assert shown == [("https://shop.test/a.png", text) for text in ("x" * 1024, "Like it?", "")]
    assert line.provider.taken[1].buttons == [("Yes", "/0"), ("No", "/1")]


@pytest.mark.parametrize(
    ("text", "titles"),
    [("x" * 1025, ""), ("Which one?", "ABCD"), ("x" * 1025, "AB"), ("x" * 1025, "ABCD")],
)
async def test_a_picture_goes_ahead_of_what_does_not_fit(
    line: Line, text: str, titles: str
) -> None:
    await line.send(saying(text, *titles, image="https://shop.test/a.png"))
    picture, *rest = line.provider.taken
    assert (picture.image, picture.text) == ("https://shop.test/a.png", "")
    assert "".join(taken.text for taken in rest) == text
    assert [title for title, _ in rest[-1].buttons] == list(titles)


async def test_a_text_is_as_long_as_it_may_be(line: Line) -> None:
    await line.send(saying("x" * 4096))
    await line.send(saying("x" * 4097))
    assert [len(taken.text) for taken in line.provider.taken] == [4096, 4096, 1]


async def test_a_long_text_comes_in_parts_with_the_buttons_under_the_last(line: Line) -> None:
    text = "\n\n".join(f"{number} " + "word " * 100 + "end." for number in range(20))
    receipts = await line.send(saying(text, "Yes", "No"))
    taken = line.provider.taken
    assert [receipt.provider_id for receipt in receipts] == [part.id for part in taken]
    assert "\n\n".join(part.text for part in taken) == text
    assert [bool(part.buttons) for part in taken] == [False] * (len(taken) - 1) + [True]
    assert all(2048 <= len(part.text) <= 4096 for part in taken[:-2])
    references = [part.content["biz_opaque_callback_data"] for part in taken]
    assert references == ["01J9", *(f"01J9.{number}" for number in range(1, len(taken)))]


@given(
    words=st.lists(st.text("ab.\n ", min_size=1, max_size=900), max_size=12),
    titles=st.lists(st.text("abcd ", max_size=26), max_size=11),
    image=st.sampled_from([None, "https://shop.test/a.png"]),
)
def test_every_part_of_any_message_is_taken(
    words: list[str], titles: list[str], image: str | None
) -> None:
    outbound = saying(" ".join(words), *titles, image=image)
    cut = parts(outbound)
    assert cut == parts(outbound)
    if not (outbound.text.strip() or titles or image):
        return  # there is nothing to send
    shown = [check(free_request(part)) for part in cut]
    said = "".join(text for text, _, _ in shown)
    numbers = "" if shown[-1][1] else "".join(f"{at}.{t}" for at, t in enumerate(titles, 1))
    assert "".join(said.split()) == "".join((outbound.text + numbers).split())
    assert [image for _, _, image in shown if image] == ([image] if image else [])


@pytest.mark.parametrize("hours_ago", [None, 24.01, 1000])
async def test_who_has_not_written_lately_is_not_written_to(
    line: Line, hours_ago: float | None
) -> None:
    [receipt] = await line.send(saying("Refunded.", hours_ago=hours_ago))
    assert receipt == Receipt("held", reason="window_closed")
    assert line.provider.taken == []


async def test_who_has_written_within_a_day_is(line: Line) -> None:
    [receipt] = await line.send(saying("Refunded.", hours_ago=23.99))
    assert receipt.state == "sent"


@pytest.mark.parametrize(
    ("template", "name", "language"),
    [
        ("shop_update", "shop_update", "en"),
        ("shop_update/de", "shop_update", "de"),
        ("shop_update/pt_BR", "shop_update", "pt_BR"),
    ],
)
async def test_a_template_carries_the_text_when_the_window_is_closed(
    line: Line, template: str, name: str, language: str
) -> None:
    connector = line.connect(template=template)
    outbound = saying(
        "Refunded.\n\n\tIs\tall      well?",
        "Yes",
        "No",
        hours_ago=None,
        image="https://shop.test/a.png",
    )
    receipt = await connector.send(outbound)
    await connector.aclose()
    [taken] = line.provider.taken
    assert receipt == Receipt("sent", provider_id=taken.id)
    assert taken.text == "Refunded. Is all well? 1. Yes 2. No https://shop.test/a.png"
    assert taken.content["template"]["name"] == name
    assert taken.content["template"]["language"] == {"code": language}
    assert taken.content["biz_opaque_callback_data"] == "01J9"


async def test_a_template_says_as_much_as_it_takes(line: Line) -> None:
    connector = line.connect(template="shop_update")
    await connector.send(saying("word " * 400, hours_ago=30))
    await connector.aclose()
    [taken] = line.provider.taken
    assert taken.text == "word " * 204 + "wor…"  # of 1,024 characters


async def test_what_the_api_says_of_the_window_counts(line: Line) -> None:
    closed = answering(400, error(131047, "Re-engagement message"))
    line.provider.script.troubles.append(closed)
    assert await line.send(saying("Hi")) == [Receipt("held", reason="window_closed")]
    connector = line.connect(template="shop_update")
    line.provider.script.troubles.append(closed)
    receipt = await connector.send(saying("Hi"))
    assert receipt.state == "sent"
    assert line.provider.taken[-1].content["type"] == "template"
    line.provider.script.troubles += [closed, closed]
    assert await connector.send(saying("Hi")) == Receipt("held", reason="window_closed")
    await connector.aclose()


@pytest.mark.parametrize(
    "template", ["", "Shop Update", "shop_update/", "shop_update/german", "/de"]
)
def test_a_template_that_cannot_be_one_is_refused(template: str) -> None:
    with pytest.raises(SetupError) as refused:
        WhatsAppConnector.from_credentials({**BLOCK, "template": template})
    assert "whatsapp.template" in refused.value.where
    assert "shop_update/de" in refused.value.cure


@pytest.mark.parametrize("key", BLOCK)
@pytest.mark.parametrize("missing", [True, False])
def test_a_missing_or_empty_key_is_named(key: str, missing: bool) -> None:
    block = {name: value for name, value in BLOCK.items() if name != key or not missing}
    if not missing:
        block[key] = ""
    with pytest.raises(SetupError) as refused:
        WhatsAppConnector.from_credentials(block)
    assert f"'whatsapp.{key}'" in refused.value.where
