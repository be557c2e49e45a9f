"""Who gets in, as every route of it is called once."""

from __future__ import annotations

from typing import Any

from tests.client import Staff, Warmline

PASSWORD = "the moon is round"


async def walk_access(api: Any, warmline: Warmline) -> None:
    admin = await warmline.staff("admin@demo.test")
    await warmline.staff("admin@demo.test")
    wish = {"email": "mona@shop.test", "name": "Mona", "role": "agent"}
    made = await api(admin, "POST", "/users", wish)
    mona = {"id": made["user"]["id"]}
    await api(admin, "POST", "/users", wish, status=409)
    link = (await api(admin, "POST", "/users/{id}/password-link", {}, **mona))["link"]
    choice = {"token": link.partition("#")[2], "password": PASSWORD}
    await api(admin, "POST", "/password/choose", choice)
    await api(admin, "POST", "/password/choose", choice, status=404)
    await api(admin, "POST", "/users/{id}/unlock", {}, **mona)
    await api(admin, "PATCH", "/users/{id}", {"role": "lead"}, **mona)
    await api(admin, "PATCH", "/users/{id}", {"role": "king"}, status=422, **mona)
    await api(admin, "GET", "/access")
    await _walk_own(api, admin)


async def _walk_own(api: Any, admin: Staff) -> None:
    token = await api(admin, "POST", "/tokens", {"name": "x", "scopes": ["read"], "days": 1})
    await api(admin, "GET", "/tokens")
    await api(admin, "DELETE", "/tokens/{id}", id=token["id"])
    await api(admin, "DELETE", "/tokens/{id}", id=token["id"], status=404)
    sessions = (await api(admin, "GET", "/sessions"))["items"]
    other = next(one for one in sessions if not one["current"])
    await api(admin, "DELETE", "/sessions/{id}", id=other["id"])
    await api(admin, "POST", "/sessions/end-others", {})
    await api(admin, "POST", "/password", {"current": "demo", "new": PASSWORD})
