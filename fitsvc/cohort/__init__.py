"""Groups of episodes, import and export: the only place for pandas."""
