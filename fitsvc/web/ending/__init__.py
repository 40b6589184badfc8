"""Ending well: the closing page of a measure, and ratings afterwards."""
