"""The best mix of levers for a budget: a search on training years, judged on held-out years."""
