"""Fuzzing: corrupted input for everything that Panj reads: files, texts, messages."""
