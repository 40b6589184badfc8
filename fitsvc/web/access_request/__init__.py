"""Everything about one child as one file: readable, in order of time, and for machines."""
