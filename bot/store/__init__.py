"""Everything that touches the database: tables, one repository a noun, and the unit of work."""
