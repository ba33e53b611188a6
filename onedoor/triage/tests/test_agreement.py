"""Agreement with labels, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from onedoor.triage.agreement import agreement, auc, kappa

YES, NO = True, False


def test_all_figures_of_a_small_table() -> None:
    found = np.array([YES, YES, YES, NO, NO])
    label = np.array([YES, YES, NO, NO, YES])
    held = agreement(found, [5, 4, 3, 2, 1], label)
    assert (held.rows, held.labelled_yes) == (5, 3)
    assert held.precision == pytest.approx(2 / 3, abs=1e-4)
    assert held.recall == pytest.approx(2 / 3, abs=1e-4)
    assert held.recall_of_no == 0.5
    assert held.kappa == pytest.approx((0.6 - 0.52) / 0.48, abs=1e-4)
    assert held.auc == pytest.approx(4 / 6, abs=1e-4)  # of six pairs of yes and no, four in order


def test_the_same_everywhere_is_one_and_ties_count_half() -> None:
    label = np.array([YES, NO])
    assert kappa(label, label) == 1
    assert auc([7, 7], label) == 0.5
    assert auc([2, 1], label) == 1


def test_figures_without_meaning_are_none() -> None:
    only = np.array([YES, YES])
    held = agreement(np.array([NO, NO]), [0, 0], only)
    assert (held.precision, held.recall_of_no, held.auc) == (None, None, None)
    assert kappa(only, only) is None
    assert kappa(only[:0], only[:0]) is None
