"""The demo shop's papers as PDF files: invoices, and labels to send things back with.

Drawn when asked for and never on the event loop: one takes some 20 ms, and the first one brings the
library and the fonts with it.
"""

from collections.abc import Callable

import sqlalchemy as sa

from actions.context.demo_documents.invoice import draw_invoice
from actions.context.demo_documents.label import draw_label
from actions.context.source import DocumentKind

__all__ = ["draw_invoice", "draw_label", "drawing"]


def drawing(
    connection: sa.Connection, kind: DocumentKind, reference: str
) -> Callable[[], bytes] | None:
    return None
