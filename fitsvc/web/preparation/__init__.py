"""Preparing a follow-up meeting: its agenda."""
