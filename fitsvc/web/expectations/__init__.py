"""Agreed expectations."""
