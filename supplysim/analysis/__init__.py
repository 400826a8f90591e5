"""Calibration, identifiability, projection, sensitivity: what 2024 says of the parameters, what hangs on them."""

"them."
