"""What is said to customers about their data, and how little of it is kept."""
