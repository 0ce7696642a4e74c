"""A small pool of made-up cases with recorded levels, some of them wrong, and some reviews."""

import numpy as np

from models.synthetic import assess_with_errors, draw_reviews, make_pool


def reviewed_pool(seed=0, share=0.10, noise="feature", wrong_share=0.2):
    pool = make_pool(1200, 8, seed=seed)
    rng = np.random.default_rng(seed)
    assessed_high = assess_with_errors(pool, wrong_share=wrong_share, noise=noise, rng=rng)
    return pool, assessed_high, draw_reviews(pool.truly_high, assessed_high, share=share, rng=rng)
