"""Sign-in through the kommune's own identity provider with OpenID Connect, and out again at both ends."""
