"""What a run holds: tables and their columns, parameters, conditions by week, keyed draws, copies, conservation."""
