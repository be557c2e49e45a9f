"""What every part of `handoff.yml` is: frozen, and refusing a key that nobody knows."""

from __future__ import annotations

from pydantic import BaseModel, Extra


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True
