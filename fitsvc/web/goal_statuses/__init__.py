"""The screen on which the practitioner writes a status of each goal before a follow-up meeting."""
