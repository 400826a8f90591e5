"""Calibration to 2022-2024: targets, populations of runs, weights, what they identify, and what follows for 2025."""
