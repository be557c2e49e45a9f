"""The assistant's custom actions: what it does when a request needs the shop's own data.

Rasa's executor imports this package and registers every action class below it.
"""

from actions.greeting import ActionGreet
from actions.knowledge import ActionAnswerFromKnowledge
from actions.requests.form import ActionFinishRequest, AskRequestFormAnswer, ValidateRequestForm

__all__ = [
    "ActionAnswerFromKnowledge",
    "ActionFinishRequest",
    "ActionGreet",
    "AskRequestFormAnswer",
    "ValidateRequestForm",
]
