"""What offices found, as figures to reckon with."""

from __future__ import annotations

from fractions import Fraction

from onedoor.appraisal.models import Judgement, SchemeVersion


def judged(version: SchemeVersion, period: str) -> dict[str, dict[str, Fraction]]:
    """What offices found for a period: unit → code → value."""
    rows = Judgement.objects.filter(scheme=version, period=period).values_list("subject", "code", "value")
    found: dict[str, dict[str, Fraction]] = {}
    for subject, code, value in rows.iterator(chunk_size=2000):
        found.setdefault(subject, {})[code] = Fraction(value)
    return found
