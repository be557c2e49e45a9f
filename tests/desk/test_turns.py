"""The log over HTTP: narrowed by label, as a file, and by views that leads keep."""

from __future__ import annotations

import json

from tests.client import Warmline


async def test_the_log_is_narrowed_kept_and_taken_away(warmline: Warmline) -> None:
    await warmline.rest("u1", "Where is my parcel?")
    await warmline.rest("u1", "=1+1 hello")
    lead = await warmline.staff("lead@demo.test")
    second, first = (await lead.get("/turns"))["items"]
    assert second["labels"] == []
    await lead.post(f"/turns/{first['id']}/label", {"intent": "track_order"})
    (labelled,) = (await lead.get("/turns?labelled=true"))["items"]
    assert labelled["id"] == first["id"]
    assert [label["intent"] for label in labelled["labels"]] == ["track_order"]
    assert [one["id"] for one in (await lead.get("/turns?labelled=false"))["items"]] == [
        second["id"]
    ]

    files = {}
    for name in ("export.csv", "export.jsonl?labelled=true"):
        async with warmline.client.get(
            f"/api/v1/turns/{name}", headers={"Authorization": f"Bearer {lead.token}"}
        ) as response:
            assert "attachment; filename=" in response.headers["Content-Disposition"]
            files[name] = (await response.read()).decode()
    head, *rows = files["export.csv"].splitlines()
    assert head.startswith("\ufeffid,created_at,")
    assert len(rows) == 2
    assert ",'=1+1 hello," in rows[0]
    assert json.loads(files["export.jsonl?labelled=true"]) == labelled
    await lead.get("/turns/export.csv?limit=9", status=422)

    view = {"name": "Mine", "filters": "labelled=yes"}
    kept = await lead.post("/turn-views", view, status=201)
    assert await lead.get("/turn-views") == {"items": [kept], "next": None}
    taken = await lead.post("/turn-views", view, status=409)
    assert taken["error"]["detail"] == {"field": "name"}
    await lead.call("DELETE", f"/turn-views/{kept['id']}", status=204)
    await lead.call("DELETE", f"/turn-views/{kept['id']}", status=404)
