"""A whole small kommune of invented people, for looking at and for trying things out. Never near real data."""
