"""`onedoor triage near`: which earlier GeoReport request a new one repeats, and how often that is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
import numpy as np
import pyarrow as pa
from pyarrow import parquet

from onedoor.cli import measuring
from onedoor.cli.bilingual import Command, both
from onedoor.kernel import tables
from onedoor.kernel.problems import BadInput
from onedoor.triage import near as model

TEXTS = ("service_request_id", "service_code", "description", "address", "status")
TIMES = ("requested_datetime", "updated_datetime")
PLACE = ("lat", "lon")


@click.command(
    "near",
    cls=Command,
    help=both(
        "附近与此前：新诉求重复了哪一件（GeoReport 数据）",
        "Which earlier request nearby a new one repeats (GeoReport)",
    ),
)
@click.option(
    "--requests",
    type=measuring.FILE,
    required=True,
    help=both("全部诉求，Parquet", "All requests, as Parquet"),
)
@click.option(
    "--queries",
    type=measuring.FILE,
    required=True,
    help=both("要查的编号，列 dup_id", "What to ask for: column dup_id"),
)
@measuring.predictions("dup_id, candidate_id, rank")
@click.option(
    "--train-pairs",
    type=measuring.FILE,
    help=both(
        "已知重复，列 dup_id、master_id；其中的编号由未见过它的模型来查",
        "Known duplicates: columns dup_id, master_id; each of them is asked of a model that never saw it",
    ),
)
@measuring.AS_JSON
def near(requests: Path, queries: Path, predictions: Path, train_pairs: Path | None, as_json: bool) -> None:
    """The ten most probable earlier requests of each query. Recall is printed where the pairs tell it."""
    started = perf_counter()
    register = model.Register(read_requests(requests))
    loaded = perf_counter() - started
    pairs = _pairs(train_pairs)
    asked = list(dict.fromkeys(row["dup_id"] for row in measuring.rows(queries, "dup_id")))
    weights, unseen = model.cross_fitted(register, pairs) if pairs else (model.WEIGHTS, {})
    trained = perf_counter() - started - loaded
    found, wall, own = {}, [], []
    for name in asked:
        row = register.row.get(name)
        wall_before, own_before = perf_counter(), process_time()
        best = [] if row is None else register.rank(row, unseen.get(row, weights))
        wall.append(perf_counter() - wall_before)
        own.append(process_time() - own_before)
        found[name] = [register.requests.ids[one.row] for one in best]
    tables.write_csv(predictions, ["dup_id", "candidate_id", "rank"], _ranks(found))
    figures = {
        "requests": len(register.row),
        "queries": len(asked),
        "unknown_queries": sum(name not in register.row for name in asked),
        "trained_on": len(pairs),
        "weights": dict(zip(model.FIGURES, np.round(weights, 3).tolist(), strict=True)),
        **_recall(found, pairs),
        "load_s": round(loaded, 2),
        "train_s": round(trained, 2),
        **_spread("ms", wall),
        **_spread("cpu_ms", own),
    }
    measuring.show(figures, as_json)


def read_requests(file: Path) -> model.Requests:
    """The requests of a GeoReport export; `coord_ok`, where there is one, tells which places may be believed.

    Raises BadInput if the file is no Parquet, or a column is missing or holds something else.
    """
    try:
        table = parquet.read_table(file)
        missing = [name for name in (*TEXTS, *TIMES, *PLACE) if name not in table.column_names]
        if missing:
            raise BadInput.of(
                "requests", f"缺少列：{', '.join(missing)}", f"missing columns: {', '.join(missing)}"
            )
        texts = {name: table[name].cast(pa.string()).fill_null("").to_pylist() for name in TEXTS}
        opened, ended = (_days(table[name]) for name in TIMES)
        lat, lon = (table[name].cast(pa.float64()).to_numpy() for name in PLACE)
        trusted = table["coord_ok"].to_numpy() if "coord_ok" in table.column_names else np.isfinite(lat)
    except pa.ArrowException as error:
        raise BadInput.of("requests", f"无法读取：{error}", f"cannot be read: {error}") from error
    is_open = np.array([status == "open" for status in texts["status"]])
    return model.Requests(
        ids=texts["service_request_id"],
        service=texts["service_code"],
        text=texts["description"],
        address=texts["address"],
        lat=np.where(trusted, lat, np.nan),
        lon=np.where(trusted, lon, np.nan),
        opened=opened,
        closed=np.where(is_open | np.isnan(ended), np.inf, ended),
    )


def _days(column: Any) -> model.Floats:
    micros = column.cast(pa.timestamp("us", tz=column.type.tz)).to_numpy().astype("datetime64[us]")
    return np.where(np.isnat(micros), np.nan, micros.astype(np.int64) / 86_400e6)


def _pairs(file: Path | None) -> list[tuple[str, str]]:
    """The known duplicates, where there is a file of them."""
    known = measuring.rows(file, "dup_id", "master_id") if file else []
    return [(row["dup_id"], row["master_id"]) for row in known]


def _ranks(found: dict[str, list[str]]) -> Iterator[tuple[str, str, int]]:
    for name, best in found.items():
        yield from ((name, other, rank) for rank, other in enumerate(best, 1))


def _recall(found: dict[str, list[str]], pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """The share of the known pairs whose earlier request was first, or among the first five."""
    asked = [(found[new], earlier) for new, earlier in pairs if new in found]
    if not asked:
        return {}
    return {
        f"recall_at_{most}": round(sum(earlier in best[:most] for best, earlier in asked) / len(asked), 4)
        for most in (1, 5)
    }


def _spread(unit: str, seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {f"{unit}_p{share}": round(float(np.percentile(seconds, share)) * 1000, 2) for share in (50, 99)}
