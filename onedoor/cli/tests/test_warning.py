"""`onedoor warn` over a small city: asked, kept for the page, and refused where there is nothing to compare."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from onedoor.appraisal.warning import kept
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import time
from onedoor.lake import exporting
from tests.support.cities import MORNING
from tests.support.filings import opened
from tests.support.smallcity import SmallCity


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """The folder outlives a test, as it does a server."""
    shutil.rmtree(kept.folder(), ignore_errors=True)


def lived(city: SmallCity) -> None:
    """One filing a day for forty days, and twelve on the last of them."""
    for day in range(40):
        with time.at(MORNING + timedelta(days=day)):
            for _ in range(12 if day == 39 else 1):
                opened(city)


def test_what_is_out_of_the_ordinary_is_told_and_kept(city: SmallCity) -> None:
    lived(city)
    with time.at(MORNING + timedelta(days=40)):
        exporting.export()
        assert kept.is_due()
        said = onedoor("warn", "--json", "--keep")
        assert said.status == 0, said.err
        found = said.data
        assert not kept.is_due()
        assert "1 warning(s)" in onedoor("warn", "--as-of", found["last"]).err
    [alert] = found["alerts"]
    assert (alert["kind"], alert["category"], alert["seen"]) == ("volume", "property.deposit", 18)
    assert len(alert["matters"]) == 18
    assert kept.read(found["last"]) == found
    assert kept.days() == [found["last"]]
    assert kept.read("2020-01-01") is None


def test_a_young_city_is_refused_in_words(city: SmallCity) -> None:
    opened(city)
    with time.at(MORNING + timedelta(days=1)):
        exporting.export()
        said = onedoor("warn")
    assert said.status == 1
    assert "不足两周" in said.err
