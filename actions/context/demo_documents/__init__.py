"""The demo shop's documents as PDF files: invoices, and labels to send things back with.

Drawn when asked for and never on the event loop: one takes some 20 ms, and the first one loads the
library and the fonts as well.
"""

from actions.context.demo_documents.drawing import drawing

__all__ = ["drawing"]
