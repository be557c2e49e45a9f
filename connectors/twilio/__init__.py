"""Twilio: text messages to and from a telephone number."""
