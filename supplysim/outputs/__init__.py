"""What is made of a run: measures by week, quarter and year, ways to get compute, the public record."""
