"""The page for the meeting: one A4 on the screen, in print and as PDF, from one template."""
