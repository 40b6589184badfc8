"""What is kept how long: the kommune's rule, the closed cases and when they go, and what has gone."""
