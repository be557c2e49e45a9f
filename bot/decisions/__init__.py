"""Why the bot did what it did, told from what its turns kept: for agents, and for whoever asks."""
