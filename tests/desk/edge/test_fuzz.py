"""A little of `python -m bench.fuzz`: some operations, with what fits them and what does not."""

from __future__ import annotations

import asyncio

import pytest

from bench.fuzz import Fuzzer, signed_in
from tests.client import Warmline

REQUESTS = 100


@pytest.mark.asyncio(loop_scope="module")
async def test_no_request_finds_a_fault_of_the_servers(house: Warmline) -> None:
    url = str(house.client.make_url("/")).rstrip("/")
    tokens = await asyncio.to_thread(signed_in, url)
    found = await asyncio.to_thread(Fuzzer(url, tokens, seed=7).run, REQUESTS)
    assert found.failures == {}
    assert found.requests == REQUESTS
    assert len(found.statuses) > 1
