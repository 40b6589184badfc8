"""A session with the family: choose the forms, hand the device over, and look at the curve together."""
