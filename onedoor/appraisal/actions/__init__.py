"""Changes in appraisal: schemes are published, evidence is judged, scores are frozen at the cut-off (`scoring`); a unit
objects to its score, another decides, and a correction is a new snapshot beside the old one (`objecting`).
"""

from onedoor.appraisal.actions.objecting import Corrected, decide, object_to
from onedoor.appraisal.actions.scoring import Found, freeze, freeze_period, judge, publish, publish_scheme

__all__ = [
    "Corrected",
    "Found",
    "decide",
    "freeze",
    "freeze_period",
    "judge",
    "object_to",
    "publish",
    "publish_scheme",
]
