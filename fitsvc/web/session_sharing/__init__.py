"""Session ratings shared with the provider's leader."""
