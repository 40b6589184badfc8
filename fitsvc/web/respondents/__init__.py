"""Who rates: adding them, their forms and rhythm, their links."""
