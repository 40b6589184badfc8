"""The log for the data protection officer, the citizen's copy of it, and the monthly control."""
