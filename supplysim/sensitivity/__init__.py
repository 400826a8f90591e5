"""Which assumptions the volume and the ranking of policies hang on."""
