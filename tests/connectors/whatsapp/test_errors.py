"""What WhatsApp answers to a message, and what may follow."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import AnswerLost, NotNow, Refused, SendFailed
from simulator.base import answering
from simulator.whatsapp_limits import error
from tests.connectors.whatsapp.line import (
    ADA,
    Line,
    saying,
)


@pytest.mark.parametrize(
    ("status", "code", "raised", "whole_channel"),
    [
        (400, 4, NotNow, True),
        (400, 80007, NotNow, True),
        (400, 130429, NotNow, True),
        (429, 130429, NotNow, True),
        (400, 131048, NotNow, True),
        (429, 999, NotNow, True),
        (400, 131056, NotNow, False),
        (401, 0, NotNow, False),
        (401, 190, NotNow, False),
        (400, 190, NotNow, False),
        (401, 999, NotNow, False),
        (403, 10, NotNow, False),
        (403, 131005, NotNow, False),
        (403, 368, NotNow, False),
        (403, 131031, NotNow, False),
        (400, 131042, NotNow, False),
        (503, 2, NotNow, False),
        (500, 131000, NotNow, False),
        (400, 131000, NotNow, False),
        (500, 131016, NotNow, False),
        (500, 131057, NotNow, False),
        (503, 133004, NotNow, False),
        (500, 999, NotNow, False),
        (400, 100, Refused, False),
        (400, 131008, Refused, False),
        (400, 131009, Refused, False),
        (400, 131021, Refused, False),
        (400, 131026, Refused, False),
        (400, 131030, Refused, False),
        (400, 131051, Refused, False),
        (400, 131062, Refused, False),
        (400, 132001, Refused, False),
        (400, 132018, Refused, False),
        (400, 470, Refused, False),
    ],
)
async def test_an_error_says_what_may_follow(
    line: Line, status: int, code: int, raised: type[SendFailed], whole_channel: bool
) -> None:
    line.provider.script.troubles.append(answering(status, error(code, f"not to {ADA}")))
    with pytest.raises(raised) as failed:
        await line.send(saying("Hi"))
    assert failed.value.code == f"whatsapp_{code}"
    assert ADA not in str(failed.value)
    if isinstance(failed.value, NotNow):
        assert failed.value.whole_channel == whole_channel


@pytest.mark.parametrize(
    ("status", "content", "raised", "code"),
    [
        (400, {}, Refused, "http_400"),
        (400, {"error": "no"}, Refused, "http_400"),
        (400, {"error": {"code": "100"}}, Refused, "http_400"),
        (502, [], NotNow, "http_502"),
        (504, error(2, "Service unavailable"), AnswerLost, "http_504"),
        (200, [], AnswerLost, "unreadable_answer"),
        (200, {}, AnswerLost, "unreadable_answer"),
        (200, {"messages": []}, AnswerLost, "unreadable_answer"),
        (200, {"messages": [7]}, AnswerLost, "unreadable_answer"),
        (200, {"messages": [{"id": 7}]}, AnswerLost, "unreadable_answer"),
        (200, {"messages": 7}, AnswerLost, "unreadable_answer"),
    ],
)
async def test_an_answer_of_another_shape_is_no_acceptance(
    line: Line, status: int, content: Any, raised: type[SendFailed], code: str
) -> None:
    line.provider.script.troubles.append(answering(status, content))
    with pytest.raises(raised) as failed:
        await line.send(saying("Hi"))
    assert failed.value.code == code


async def test_the_time_that_is_told_is_kept(line: Line) -> None:
    limit = answering(429, error(130429, "Rate limit hit"), {"Retry-After": "7"})
    line.provider.script.troubles.append(limit)
    with pytest.raises(NotNow) as told:
        await line.send(saying("Hi"))
    assert told.value.retry_after == 7


async def test_a_wrong_token_waits_for_the_operator(line: Line) -> None:
    connector = line.connect(access_token="stolen")
    with pytest.raises(NotNow) as refused:
        await connector.send(saying("Hi"))
    await connector.aclose()
    assert refused.value.code == "whatsapp_190"
    assert line.provider.taken == []
