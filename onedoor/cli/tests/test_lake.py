"""The lake from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.cli.tests.calling import onedoor
from onedoor.matters.models import Matter
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


def test_it_is_exported_and_verified(city: SmallCity, tmp_path: Path) -> None:
    matter = answered(city, opened(city))
    said = onedoor("lake", "export", "--dir", tmp_path, "--json")
    assert said.status == 0
    assert said.data["rows"]["matters"] == 1
    assert "0 written this time" in onedoor("lake", "export", "--dir", tmp_path).err
    assert onedoor("lake", "verify", "--dir", tmp_path).status == 0
    Matter.objects.filter(pk=matter.pk).update(level=3)
    said = onedoor("lake", "verify", "--dir", tmp_path, "--json")
    assert said.status == 1
    assert said.data["faults"][0]["where"] == "matters/month=2026-11/419801.parquet"
    assert "数据库不符" in onedoor("lake", "verify", "--dir", tmp_path).out


def test_without_a_lake_it_says_what_to_do(city: SmallCity, tmp_path: Path) -> None:
    said = onedoor("lake", "verify", "--dir", tmp_path)
    assert said.status == 1
    assert "onedoor lake export" in said.err
