"""`onedoor demo`: a living city to play with."""

from __future__ import annotations

import time

import click

from onedoor.city.models import Profile
from onedoor.cli import preparing, serving
from onedoor.cli.bilingual import both, command, print_json, progress, say
from onedoor.cli.tabular import table
from onedoor.kernel.problems import Conflict
from onedoor.matters.models import Matter
from onedoor.simulation import demo as demos
from onedoor.simulation.geography import Geography
from onedoor.simulation.shape import cities

DAYS, PER_DAY = 14, 60  # a city that is ready within a minute on two cores


@command(
    "demo",
    help=both(
        "虚构城市：建城、过若干天日子、启动网站",
        "An invented city: built, lived in for some days, and served",
    ),
)
@click.option(
    "--city", default="yihe", show_default=True, type=click.Choice(cities()), help=both("城市", "Which city")
)
@click.option(
    "--days",
    default=DAYS,
    show_default=True,
    type=click.IntRange(1, 400),
    help=both("天数，到昨日为止", "Days of life, up to yesterday"),
)
@click.option(
    "--per-day",
    default=PER_DAY,
    show_default=True,
    type=click.IntRange(1, 5000),
    help=both("每日件数", "Matters a day"),
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    help=both("随机种子：相同则日子相同", "The same seed lives the same life"),
)
@click.option(
    "--serve/--no-serve", default=True, help=both("是否随后启动网站", "Serve it afterwards, or not")
)
@click.option("--host", default="127.0.0.1", show_default=True, help=both("监听地址", "Address to listen on"))
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=both("端口", "Port")
)
@click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))
def demo(
    city: str, days: int, per_day: int, seed: int, serve: bool, host: str, port: int, as_json: bool
) -> None:
    """A demo city that lives already is served as it is."""
    preparing.tables()
    held = Profile.objects.first()
    if held is not None and held.key != city:
        raise Conflict(
            zh=f"库中已是 {held.key}；演示请另设 ONEDOOR_HOME",
            en=f"this database holds {held.key}; for a demo set another ONEDOOR_HOME",
        )
    if held is None or not Matter.objects.exists():
        _live(city, days, per_day, seed, as_json)
    else:
        say(f"演示城市 {city} 已有数据，不再重建", f"the demo city {city} lives already; it is left as it is")
        _print_cast(demos.cast(Geography.of(city)))
    if serve:
        serving.run(host, port, serving.suitable_workers())


def _live(city: str, days: int, per_day: int, seed: int, as_json: bool) -> None:
    began = time.monotonic()
    with progress("过日子", "living", days + 1) as advance:

        def told(zh: str, en: str) -> None:
            advance(1)

        result = demos.run(city, days=days, per_day=per_day, seed=seed, say=told)
    seconds = time.monotonic() - began
    if as_json:
        print_json(result.as_dict() | {"seconds": round(seconds, 1)})
        return
    click.echo(
        both(
            f"模拟了 {result.first} 至 {result.last}，受理 {result.filed} 件，用时 {seconds:.0f} 秒",
            f"simulated {result.first} to {result.last}: {result.filed} matters, in {seconds:.0f} s",
        )
    )
    _print_cast(result.logins)


def _print_cast(logins: list[dict[str, str]]) -> None:
    click.echo(both("可登录的角色（密码都相同）", "The cast, all with the same password"))
    rows = [(who["role"], who["login"], who["name"], who["password"]) for who in logins]
    click.echo(table(("岗位 Role", "账号 Login", "姓名 Name", "密码 Password"), rows))
