"""Which parameters and levers move an outcome, or the difference between two policies."""
