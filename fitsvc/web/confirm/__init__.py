"""Asking somebody who is signed in to show once more that it is them."""
