"""WhatsApp: one number's messages, over Meta's Cloud API."""
