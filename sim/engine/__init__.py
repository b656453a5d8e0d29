"""Machinery on Mesa that knows no border: draws, agenda, arrivals, paths, log, actors."""
