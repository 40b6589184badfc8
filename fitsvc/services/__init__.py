"""What people do and look at: each takes the session, who does it, and the time."""
