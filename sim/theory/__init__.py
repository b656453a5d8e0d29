"""Closed forms that the model uses, or that its verification compares it with."""
