"""Rules that command goes by: of alert levels and of the allocation of patrols, and one's own."""
