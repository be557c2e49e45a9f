"""A customer's data: all that is held of one, given out or erased."""
