"""The page on the wall and on the table while the meeting is held: the curve, what was agreed, what is decided."""
