"""The screen on which ratings are asked for before a follow-up meeting."""
