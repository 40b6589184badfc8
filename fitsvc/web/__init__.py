"""The pages: one folder per screen, and the few rules every request goes through."""
