"""What the model is worth: scored from runs, calibrated to 2022-2024, and what its answers hang on."""
