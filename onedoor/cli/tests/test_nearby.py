"""`onedoor triage near`: a Parquet file of requests in, ranked earlier requests out."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from onedoor.cli.tests.calling import onedoor

HEADERS = (
    "service_request_id", "status", "service_code", "description", "requested_datetime", "updated_datetime",
    "address", "lat", "lon", "coord_ok",
)  # fmt: skip


def _day(day: int) -> datetime:
    return datetime(2026, 3, day, 8, tzinfo=UTC)


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    rows = [
        ("a", "closed", "lamp", "dark lamp", _day(1), _day(9), "7 Elm Street", 35.75, 114.29, True),
        ("b", "open", "lamp", None, _day(2), _day(2), "9 Elm Street", 35.7501, 114.29, True),
        ("c", "closed", "lamp", "the lamp is dark", _day(3), _day(4), "7 Elm Street", 35.75, 114.29, True),
        ("d", "open", "lamp", "dark lamp", _day(3), None, "", 35.75, 114.29, False),
    ]
    file = tmp_path / "requests.parquet"
    columns = dict(zip(HEADERS, map(list, zip(*rows, strict=True)), strict=True))
    parquet.write_table(pa.table(columns), file)
    return file


def _written(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_ranked_candidates_are_written_and_figures_printed(requests: Path, tmp_path: Path) -> None:
    queries = _written(tmp_path, "q.csv", "dup_id\nc\nd\nnobody\n")
    pairs = _written(tmp_path, "t.csv", "dup_id,master_id\nc,a\nb,a\n")
    out = tmp_path / "p.csv"
    said = onedoor(
        "triage", "near", "--requests", requests, "--queries", queries, "--predictions", out,
        "--train-pairs", pairs, "--json",
    )  # fmt: skip
    assert said.status == 0, said.err
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row.values()) for row in csv.DictReader(file)] == [("c", "a", "1"), ("c", "b", "2")]
    assert (said.data["queries"], said.data["unknown_queries"], said.data["trained_on"]) == (3, 1, 2)
    assert said.data["recall_at_1"] == 1.0  # of the pair whose query was asked
    assert said.data["ms_p99"] >= said.data["ms_p50"] >= 0


def test_it_works_with_nothing_to_learn_from(requests: Path, tmp_path: Path) -> None:
    queries = _written(tmp_path, "q.csv", "dup_id\nc\n")
    said = onedoor(
        "triage", "near", "--requests", requests, "--queries", queries, "--predictions", tmp_path / "p.csv"
    )
    assert said.status == 0
    assert "recall_at_1" not in said.out
    assert "weights" in said.out


@pytest.mark.parametrize("kind", ["text", "columns"])
def test_a_file_that_is_no_register_is_refused_in_both_languages(kind: str, tmp_path: Path) -> None:
    file = _written(tmp_path, "r.parquet", "id\n1\n")
    if kind == "columns":
        parquet.write_table(pa.table({"service_request_id": ["a"]}), file)
    queries = _written(tmp_path, "q.csv", "dup_id\na\n")
    said = onedoor(
        "triage", "near", "--requests", file, "--queries", queries, "--predictions", tmp_path / "p"
    )
    assert said.status == 1
    assert ("无法读取" if kind == "text" else "缺少列") in said.err
