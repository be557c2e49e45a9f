"""An admin's calls about a customer's data: found, given out, erased, and proven."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

from tests.client import API, Staff, Warmline

SAID = "my teapot is called Ferdinand"


async def walk_customer_data(
    api: Callable[..., Awaitable[Any]], warmline: Warmline, admin: Staff, lead: Staff
) -> None:
    """`api` calls and holds each answer to the API's own description."""
    await warmline.rest("+15550042", SAID, message_id="teapot")
    who = "rest:%2B15550042"
    (found,) = (await api(admin, "GET", "/customers", query=f"who={who}"))["items"]
    assert found["addresses"] == [{"channel": "rest", "address": "+15550042"}]
    one = {"id": found["id"]}
    path = f"{API}/customers/{found['id']}/export"
    for caller, status in ((lead, 403), (admin, 200)):
        headers = {"Authorization": f"Bearer {caller.token}"}
        async with warmline.client.post(path, json={}, headers=headers) as response:
            assert response.status == status
            body = await response.read()
            assert (SAID in body.decode(errors="replace")) is False  # packed, or refused
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert SAID in archive.read("index.html").decode()
        assert SAID in archive.read("data/messages.json").decode()
    await api(lead, "DELETE", "/customers/{id}", status=403, **one)
    await api(admin, "DELETE", "/customers/{id}", id="unknown", status=404)
    receipt = await api(admin, "DELETE", "/customers/{id}", **one)
    assert receipt["state"] == "done"
    erased = {each["what"]: each for each in receipt["erased"]}
    assert erased["messages"]["title"] == "Messages"
    assert erased["messages"]["count"] >= 2
    assert (await api(admin, "GET", "/customers", query=f"who={who}"))["items"] == []
    assert (await api(admin, "GET", "/erasures", query=f"who={who}"))["items"] == [receipt]
    assert (await api(admin, "GET", "/erasures", query="who=nobody"))["items"] == []
    await api(admin, "DELETE", "/customers/{id}", status=404, **one)
    # A late retry brings nothing back.
    assert await warmline.rest("+15550042", SAID, message_id="teapot") == []
    assert (await api(admin, "GET", "/customers", query=f"who={who}"))["items"] == []
