"""Calibration, identifiability, projection and sensitivity: what 2024 says of the parameters, and what hangs on them."""
