"""Fewer follow-ups than the standard: a leader's own list, and a leader's own answer."""
