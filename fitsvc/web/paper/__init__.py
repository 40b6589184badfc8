"""Entering what somebody answered on paper or aloud."""
