"""E-mail to staff. Knows nothing of cases, people or the database: a text and an address go in."""
