"""What leaders are told."""
