"""Links to one's own account: an invitation, a forgotten password, a new e-mail address."""
