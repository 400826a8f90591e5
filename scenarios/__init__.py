"""The scenarios: one TOML file a scenario; the baseline in full, every other only its differences."""
