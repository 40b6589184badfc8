"""Follow-up meetings in a calendar: a file for one, a secret link for all of one's own."""
