"""Calibration: which parameters agree with what was reported, and which stay open.

The steps, in the order of the pipeline:

- data: ``reports`` and ``statistics`` (one code for runs and seed tables), ``published_counts``,
  ``reading_rules``, ``cells`` and ``year_table`` (the table of years), ``event_marks`` and
  ``targets``; ``evidence`` puts all of it in the order in which it is fitted;
- priors: ``priors``, ``distributions``, ``prior_sample``;
- bank: ``simulator`` (one year), ``bank`` (many), ``training_data`` (what they show);
- emulator: ``glm``, ``noise``, ``regressions``, ``emulator``; ``surrogate`` is that of the tuner;
- sampler: ``unknowns``, ``inference`` (likelihood and posterior sample), ``slice_sampler``;
- posterior and checks: ``posterior``, ``prior_check``, ``posterior_check``;
- ``pipeline`` runs the steps from a bank on; ``record`` stores the result.

``support`` counts the events of any store that are at least as grave as a reported one.
"""
