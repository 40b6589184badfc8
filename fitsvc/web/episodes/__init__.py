"""Starting and ending a measure, and closing the case."""
