"""Substitutes for a holiday or an illness."""
