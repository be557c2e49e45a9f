"""What people open: the chat widget, the agents' desk, the leads' console, and the API they use."""
