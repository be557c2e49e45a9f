"""What keeps people who mean harm, and programs that run wild, from costing the others."""
