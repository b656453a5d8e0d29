"""Rare years: how likely an outcome reaches a threshold, by splitting years that are on the way."""
