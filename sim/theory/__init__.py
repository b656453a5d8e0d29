"""Closed forms that the model uses, or that its verification holds it against."""
