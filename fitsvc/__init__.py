"""Feedback on how a measure works: ratings over time, held against expected change."""
