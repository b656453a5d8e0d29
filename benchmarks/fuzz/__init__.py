"""Spoilt input for everything that Panj reads: files, texts, messages."""
