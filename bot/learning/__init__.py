"""What a lead does with logged and labelled messages: evaluate, and learn from them."""
