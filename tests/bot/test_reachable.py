"""Which addresses a typed URL may lead to."""

from __future__ import annotations

import pytest

from bot.reachable import Reach, Unreachable, check_reach, check_url

PRIVATE = ("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[64:ff9b::a00:1]")
LOOPBACK = ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]")
NEVER = ("169.254.169.254", "[fe80::1]", "224.0.0.1", "[ff02::1]")


def allowed(host: str, reach: Reach) -> bool:
    try:
        check_url(f"http://{host}/hook", reach)
    except Unreachable:
        return False
    return True


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_called_only_where_that_is_set(host: str) -> None:
    reaches: tuple[Reach, ...] = ("public", "loopback", "private")
    assert [allowed(host, reach) for reach in reaches] == [False, False, True]


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machine_is_called_where_that_is_set(host: str) -> None:
    reaches: tuple[Reach, ...] = ("public", "loopback", "private")
    assert [allowed(host, reach) for reach in reaches] == [False, True, True]


@pytest.mark.parametrize("host", ["①②⑦.0.0.1", "127。0。0。1", "\uff11\uff12\uff17.0.0.1"])
def test_an_address_is_one_in_whichever_digits_it_is_written(host: str) -> None:
    """The client reads them as an address, and asks no resolver for it."""
    assert not allowed(host, "public")
    assert allowed(host, "loopback")


@pytest.mark.parametrize("host", NEVER)
def test_link_local_and_multicast_addresses_are_never_called(host: str) -> None:
    assert not allowed(host, "private")


@pytest.mark.parametrize("host", ["93.184.215.14", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]"])
def test_the_internet_is_called(host: str) -> None:
    assert allowed(host, "public")


async def test_a_name_is_judged_by_where_it_leads() -> None:
    await check_reach("http://localhost:8000/hook", "loopback")
    with pytest.raises(Unreachable, match="private"):
        await check_reach("http://localhost:8000/hook", "public")
