"""The demo shop's papers as PDF files: invoices, and labels to send things back with.

Drawn when asked for and never on the event loop: one takes some 20 ms, and the first one brings the
library and the fonts with it.
"""

from actions.context.demo_documents.drawing import drawing

__all__ = ["drawing"]
