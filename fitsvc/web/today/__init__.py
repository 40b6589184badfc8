"""The screen the working day begins with."""
