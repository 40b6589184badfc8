"""The form on a device in the respondent's hands, and the way back with PIN or password."""
