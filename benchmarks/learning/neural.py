"""A rival: a neural posterior, learnt once for every table that may come.

Neural posterior estimation (Papamakarios and Murray 2016; Greenberg et al. 2019) with ``sbi`` and
a masked autoregressive flow (Papamakarios et al. 2017), on composed sets. ``sbi`` and ``torch`` are
not among the requirements of Panj: install them to run this rival.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.learning.layout import Layout
from benchmarks.learning.sample import Dataset, Infer, Sample
from benchmarks.learning.scale import normal_scores, values_at
from benchmarks.learning.worlds import Truths
from sim.calibrate.priors import Parameter

_EPOCHS = 40
_LAYERS, _WIDTH = 4, 50


def neural_posterior(
    sets: Truths, layout: Layout, priors: Sequence[Parameter], draws: int, seed: int = 0
) -> Infer:
    """An engine that was trained on these sets. Raises ``ImportError`` without ``sbi``."""
    import torch
    from sbi.inference import NPE
    from sbi.neural_nets import posterior_nn
    from sbi.utils.tracking import TensorBoardTracker
    from torch.utils.tensorboard import SummaryWriter

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    features = layout.features(layout.values_of(sets.figures))
    centre, spread = features.mean(0), features.std(0) + 1e-9
    x = torch.as_tensor((features - centre) / spread, dtype=torch.float32)
    theta = torch.as_tensor(normal_scores(sets.values, priors), dtype=torch.float32)
    size = theta.shape[1]
    prior = torch.distributions.MultivariateNormal(torch.zeros(size), torch.eye(size))
    flow = posterior_nn("maf", hidden_features=_WIDTH, num_transforms=_LAYERS)
    with warnings.catch_warnings(), TemporaryDirectory() as log:
        warnings.simplefilter("ignore")
        tracker = TensorBoardTracker(SummaryWriter(log))  # else it writes where one stands
        trainer = NPE(prior, flow, show_progress_bars=False, tracker=tracker)
        trainer.append_simulations(theta, x)
        trainer.train(training_batch_size=256, max_num_epochs=_EPOCHS, stop_after_epochs=8)
        posterior = trainer.build_posterior()

    def infer(data: Dataset) -> Sample:
        seen = (layout.features(data.values[None])[0] - centre) / spread
        torch.manual_seed(seed + 1)
        found = posterior.sample(
            (draws,), x=torch.as_tensor(seen[None], dtype=torch.float32), show_progress_bars=False
        )
        return Sample(values_at(np.asarray(found, dtype=np.float64), priors))

    return infer
