"""The kommune's own rules for follow-up: its standards, and how long before a meeting things are asked for."""
