"""What comes of contacts: how they are cut, rolled up, and turned into figures (ADR 30)."""
