"""Batches disturbed in every way that can happen: lost, double, wrong or unequal runs."""
