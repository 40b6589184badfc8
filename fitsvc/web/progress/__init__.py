"""Goals, numbers, events and answered signals."""
