"""What happens in a week, between agents: one file a phase, in the order of `supplysim.week.PHASES`."""
