"""What a meeting gets on paper: the report, the child's version, their PDF; not a screen, several screens use it."""
