"""What an operator needs besides the product itself: the doctor, logs, health, back-ups."""
