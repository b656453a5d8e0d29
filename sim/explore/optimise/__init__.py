"""The best mix for a budget: levers with prices, a search on training years, a held-out verdict."""
