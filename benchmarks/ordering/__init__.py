"""Pattern analysis, randomness and mixtures of both: an experiment in allocating patrols."""
