"""One's own account: language, password, PIN; and the way in."""
