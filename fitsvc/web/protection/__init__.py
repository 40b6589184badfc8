"""Protected cases."""
