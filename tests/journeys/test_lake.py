"""A city lives for four days and the lake follows it every night: what was written in steps is what is written at once.

So everything that the simulation does leaves an entry by which the lake finds what changed: filings, dispatches,
consultations, verdicts, escalations, records, visits and their findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from onedoor.kernel import log
from onedoor.kernel.models import Anchor
from onedoor.lake import exporting, verifying
from onedoor.simulation import demo
from tests.journeys.databases import copy, using

UNTIL = date(2026, 3, 13)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def lake(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Two lakes of one city, `steps` written every night and `once` at the end; inside its database."""
    root = tmp_path_factory.mktemp("lake")
    with (
        django_db_blocker.unblock(),
        copy("lake") as database,
        using(database),
        pytest.MonkeyPatch.context() as patch,
    ):
        anchor, nights = log.anchor, [0]

        def sealed() -> Anchor | None:
            made = anchor()
            patch.setattr(log, "anchor", anchor)  # the export seals the log itself
            exporting.export(root / "steps")
            patch.setattr(log, "anchor", sealed)
            nights[0] += 1
            return made

        patch.setattr(log, "anchor", sealed)
        demo.run("liangting", days=4, per_day=30, until=UNTIL, say=lambda zh, en: None)
        patch.setattr(log, "anchor", anchor)
        assert nights[0] >= 4
        assert not exporting.export(root / "steps").anew
        exporting.export(root / "once")
        yield root


def digests(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
    }


def test_written_in_steps_it_is_what_is_written_at_once(lake: Path) -> None:
    assert digests(lake / "steps") == digests(lake / "once")
    tables = {path.split("/")[0] for path in digests(lake / "steps")}
    assert {"matters", "entries", "clocks", "verdicts", "records", "visits", "units", "divisions"} <= tables


def test_it_is_what_the_database_holds(lake: Path) -> None:
    found = verifying.verify(lake / "steps")
    assert found.faults == []
    assert found.behind == 0
