"""Batches disturbed in every way that a machine knows: what is lost, twice, wrong or not equal."""
