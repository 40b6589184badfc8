"""A case opened in an emergency."""
