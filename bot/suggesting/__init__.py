"""Replies that an agent is offered for a customer's newest message, from what is known already."""
