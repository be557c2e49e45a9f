"""Which shop is asked, and what is told at the start when it will not have us."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from actions.context import close_shop, shop
from actions.context.errors import ShopMisconfigured
from actions.context.http import HttpShop
from actions.context.sql import SqlShop
from bot.errors import SetupError
from bot.live_model import Assistant
from bot.settings import Settings, load_settings
from bot.shop import settle_shop
from tests.actions.context.german_shop import MAPPING as GERMAN
from tests.conftest import serving as served
from tests.shop_server import TOKEN, failure, serving, shop_app


@pytest.fixture(autouse=True)
async def _no_shop_from_outside(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    for name in ("URL", "TOKEN", "DATABASE_URL", "MAPPING"):
        monkeypatch.setenv(f"WARMLINE_SHOP_{name}", "")  # and back to what it was afterwards
    yield
    await close_shop()


def settings_of(folder: Path, **options: str) -> Settings:
    given = {"data_dir": str(folder), **options}
    return load_settings(given, demo=True, project=folder, environment={})


def answering(answer_of: Callable[[], web.Response]) -> web.Application:
    """A server that answers whatever is asked with one of these: none can be sent twice."""

    async def answer(_request: web.Request) -> web.Response:
        return answer_of()

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


@pytest.mark.parametrize(
    "address",
    [
        "shop.example",
        "ftp://shop.example",
        "https://",
        "https://shop.example:port",
        "https://[shop.example",
        "https://shop.example/?key=1",
        "https://shop.example/#api",
        "https://us:secret@shop.example",
    ],
)
def test_an_address_that_cannot_be_a_shops_is_named_as_the_setting(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(SetupError) as refused:
        settings_of(tmp_path, shop_url=address, shop_token=TOKEN)
    assert refused.value.where == "WARMLINE_SHOP_URL (--shop-url)"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("token", ["", "two words", "naïve", "line\nbreak", "Bearer: x"])
def test_a_token_that_cannot_be_is_named_and_not_quoted(tmp_path: Path, token: str) -> None:
    with pytest.raises(SetupError) as refused:
        settings_of(tmp_path, shop_url="https://shop.example", shop_token=token)
    assert refused.value.where == "WARMLINE_SHOP_TOKEN (--shop-token)"
    assert not token or token not in str(refused.value)


def test_two_kinds_of_shop_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="WARMLINE_SHOP_DATABASE_URL") as refused:
        load_settings(
            {"shop_url": "https://shop.example", "shop_token": TOKEN},
            demo=True,
            project=tmp_path,
            environment={"WARMLINE_SHOP_DATABASE_URL": "sqlite:///shop.db"},
        )
    assert refused.value.where == "WARMLINE_SHOP_URL (--shop-url)"


def test_a_mapping_of_no_tables_is_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        settings_of(
            tmp_path, shop_url="https://shop.example", shop_token=TOKEN, shop_mapping="sql.yml"
        )
    assert refused.value.where == "WARMLINE_SHOP_MAPPING (--shop-mapping)"


async def test_a_mapping_that_does_not_fit_is_told_at_the_start(
    tmp_path: Path, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    with pytest.raises(SetupError) as refused:
        await settle_shop(settings_of(tmp_path, shop_mapping="nowhere.yml"))
    assert refused.value.where == str(tmp_path / "nowhere.yml")
    with pytest.raises(SetupError, match="no such table") as refused:
        await settle_shop(settings_of(tmp_path, shop_mapping=str(GERMAN)))
    assert refused.value.where == f"{GERMAN}, key 'customer'"
    assert refused.value.cure


async def test_another_shops_tables_without_a_mapping_are_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "laden.db").touch()
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite:///{tmp_path / 'laden.db'}")
    with pytest.raises(SetupError, match="lacks") as refused:
        await settle_shop(settings_of(tmp_path))
    assert "WARMLINE_SHOP_MAPPING" in refused.value.cure


async def test_an_action_server_is_told_of_two_kinds_of_shop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_URL", "https://shop.example")
    monkeypatch.setenv("WARMLINE_SHOP_TOKEN", TOKEN)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", "sqlite:///shop.db")
    with pytest.raises(ShopMisconfigured, match="WARMLINE_SHOP_DATABASE_URL"):
        shop()


async def test_without_an_address_the_shop_is_a_database(tmp_path: Path) -> None:
    await settle_shop(settings_of(tmp_path, shop_token=TOKEN))
    assert isinstance(shop(), SqlShop)


async def test_a_shop_that_will_have_us_is_asked_over_http(tmp_path: Path) -> None:
    offers = answering(lambda: web.json_response({"version": 1, "changes": ["refund"]}))
    async with serving(offers) as address:
        await settle_shop(settings_of(tmp_path, shop_url=f"{address}/", shop_token=TOKEN))
        assert isinstance(shop(), HttpShop)
        assert shop().offers == {"refund"}


async def test_a_shop_that_is_away_may_come_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    await settle_shop(settings_of(tmp_path, shop_url=f"http://127.0.0.1:{port}", shop_token=TOKEN))
    assert "shop_unavailable_at_start" in caplog.text
    assert shop().offers == set()


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        (lambda: failure(401, "not_signed_in", "Who is it?"), "WARMLINE_SHOP_TOKEN"),
        (lambda: failure(403, "not_allowed", "Not yours."), "WARMLINE_SHOP_TOKEN"),
        (lambda: web.Response(text="<h1>Our shop</h1>"), "WARMLINE_SHOP_URL"),
        (lambda: web.Response(status=404), "WARMLINE_SHOP_URL"),
        (lambda: web.Response(status=308, headers={"Location": "/shop"}), "WARMLINE_SHOP_URL"),
        (lambda: web.json_response({"version": 2, "changes": []}), "WARMLINE_SHOP_URL"),
    ],
)
async def test_a_shop_that_never_will_is_told_with_the_cure(
    tmp_path: Path, answer: Callable[[], web.Response], where: str
) -> None:
    async with serving(answering(answer)) as address:
        with pytest.raises(SetupError) as refused:
            await settle_shop(settings_of(tmp_path, shop_url=address, shop_token=TOKEN))
    assert refused.value.where == where
    assert refused.value.cure
    assert TOKEN not in str(refused.value)


async def test_customers_are_answered_from_a_shop_over_http_and_told_when_it_is_away(
    settings: Settings, assistant: Assistant, shop_url: str
) -> None:
    behind = SqlShop(shop_url)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serving(shop_app(behind)))
        ours = replace(settings, shop_url=address, shop_token=TOKEN)
        async with served(ours, assistant) as warmline:
            await warmline.texts("ada", "where is my order 10432?")
            told = " ".join(await warmline.texts("ada", "BS1 4DJ"))
            assert "10432" in told
            assert "Northway Couriers" in told
            await stack.aclose()
            away = " ".join(await warmline.texts("bob", "where is my order 10587?"))
            away += " ".join(await warmline.texts("bob", "BS1 4DJ"))
            assert "can't reach our order system" in away
            assert "a person" in away
    await behind.aclose()
