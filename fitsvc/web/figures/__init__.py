"""Key figures of follow-up for leaders, on the page and as a file."""
