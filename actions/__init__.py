"""The assistant's custom actions: what it does when a request needs the shop's own data.

Rasa's executor imports this package and registers every action class below it.
"""

from actions.greeting import ActionGreet
from actions.orders import ActionTrackOrder, AskPostcode, AskWhichOrder, ValidateTrackOrderForm

__all__ = [
    "ActionGreet",
    "ActionTrackOrder",
    "AskPostcode",
    "AskWhichOrder",
    "ValidateTrackOrderForm",
]
