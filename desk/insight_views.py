"""From figures over contacts to the shapes of the API."""

from __future__ import annotations

from dataclasses import asdict

from bot.clock import iso
from bot.insight import contact, definitions, interval
from bot.insight.report import Measured, Slice
from desk import insight_shapes as shapes
from desk.views.names import People


def definition(figure: definitions.Figure) -> shapes.Definition:
    said = asdict(figure)
    return shapes.Definition(**{name: said[name] for name in shapes.Definition.__fields__})


def estimate(found: interval.Estimate) -> shapes.Estimate:
    return shapes.Estimate(**asdict(found))


def figure(measured: Measured) -> shapes.Figure:
    return shapes.Figure(
        **asdict(measured.now),
        name=measured.figure.name,
        previous=estimate(measured.before) if measured.before else None,
        is_news=measured.is_news,
    )


def group(found: Slice) -> shapes.Group:
    return shapes.Group(value=found.of, contacts=found.contacts, figures=_figures(found))


def day(found: Slice) -> shapes.Day:
    return shapes.Day(day=found.of.isoformat(), contacts=found.contacts, figures=_figures(found))


def listed(row: contact.Contact, figure: definitions.Figure, names: People) -> shapes.Contact:
    """`seconds` are those that the figure is about, if it is about a time."""
    return shapes.Contact(
        id=row.id,
        conversation_id=row.conversation_id,
        customer=names.customer(row.customer_id),
        channel=row.channel,
        intent=row.intent,
        reason=row.reason,
        started_at=iso(row.started_at),
        ended_at=iso(row.ended_at),
        messages=row.messages,
        seconds=getattr(row, figure.count) if figure.unit == "seconds" else None,
        csat=row.csat,
    )


def _figures(found: Slice) -> dict[str, shapes.Estimate]:
    return {name: estimate(one) for name, one in found.estimates.items()}
