"""Meta's Messenger Platform, which Messenger and Instagram share."""
