"""What an action says: a response of domain.yml with its values, and buttons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: what is shown, and the payload that pressing it sends."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """The response `utter_…` with `values` for its braces, and `buttons` after its own."""

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()

    def to(self, dispatcher: CollectingDispatcher) -> None:
        """Say it."""
        buttons = [{"title": each.title, "payload": each.payload} for each in self.buttons]
        dispatcher.utter_message(response=self.response, buttons=buttons, **self.values)

    def as_json(self) -> dict[str, Any]:
        """As a slot keeps it."""
        buttons = [[each.title, each.payload] for each in self.buttons]
        return {"response": self.response, "values": dict(self.values), "buttons": buttons}


def said(stored: Mapping[str, Any]) -> Say:
    """What `as_json` kept."""
    buttons = tuple(Button(title, payload) for title, payload in stored["buttons"])
    return Say(stored["response"], stored["values"], buttons)


def choice(title: str, intent: str, value: str) -> Button:
    """A button that answers a request's question about anything but the order."""
    return Button(title, f"/{intent}{json.dumps({'choice': value}, ensure_ascii=False)}")


def about_order(title: str, intent: str, order: str) -> Button:
    """A button that asks for `intent` about the order with this number."""
    return Button(title, f"/{intent}{json.dumps({'order_number': order}, separators=(',', ':'))}")


PERSON = Button("Talk to a person", "/contact_human_agent")
YES = Button("Yes", "/affirm")
NO = Button("No", "/deny")
