"""The only room that imports rasa: loading a model, running it in process, and training it."""
