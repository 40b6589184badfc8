"""Frozen reports: shown again byte for byte, and packed for the case system."""
