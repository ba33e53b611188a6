"""Every command: help in both languages, clear errors, status 1 for what is wrong, 2 for what was mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import openpyxl
import pytest

from onedoor.city import keys
from onedoor.city.actions import set_active
from onedoor.city.models import Account, ApiKey
from onedoor.cli import main
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from tests.support.filings import opened
from tests.support.smallcity import SmallCity

CHINESE = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]{3}")


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_help_is_in_both_languages(path: tuple[str, ...], command: click.Command) -> None:
    texts = [command.help, *(option.help for option in command.params if isinstance(option, click.Option))]
    for text in texts:
        assert text, path
        assert CHINESE.search(text), (path, text)
        assert LATIN.search(text), (path, text)
    if path != ("manage",):
        said = onedoor(*path, "--help")
        assert said.status == 0
        assert "用法 · Usage" in said.out


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        (("nosuch",), "命令写法有误"),
        (("clock", "--from", "2024-09-29T10:00"), "缺少参数"),
        (("serve", "--port", "many"), "写法有误"),
        (("roster", "--nosuch"), "没有选项"),
        (("load", "grids"), "--generate"),
        (("load", "divisions", "/no/such/file.csv"), "写法有误"),
    ],
)
def test_a_mistyped_command_ends_with_2_and_both_languages(words: tuple[str, ...], zh: str) -> None:
    said = onedoor(*words)
    assert said.status == 2
    assert zh in said.err
    assert "Error: " in said.err


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ("roster",),
        ("sheet", "--week", "2026-W46"),
        ("locate", "114.3", "35.7"),
        ("load", "grids", "--generate"),
    ],
)
def test_without_a_city_it_says_what_to_do(words: tuple[str, ...]) -> None:
    said = onedoor(*words)
    assert said.status == 1
    assert "onedoor load city" in said.err
    assert "错误" in said.err


# clock


@pytest.mark.django_db
def test_clock_counts_day_by_day() -> None:
    said = onedoor("clock", "--from", "2024-09-29T10:00", "--for", "7 working days", "--json")
    assert said.status == 0
    assert said.data["at"].startswith("2024-10-14T18:00")
    assert {step["day"]: step["counted"] for step in said.data["steps"]}["2024-10-12"] is True
    table = onedoor("clock", "--from", "2024-09-29T10:00", "--for", "七个工作日")
    assert "2024-10-12  ✓" in table.out
    assert "届满 · Due: 2024-10-14 18:00" in table.out


@pytest.mark.parametrize(
    "words", [("--from", "soon", "--for", "7 days"), ("--from", "2024-09-29", "--for", "a while")]
)
def test_clock_says_what_it_cannot_read(words: tuple[str, ...]) -> None:
    assert onedoor("clock", *words).status == 1


@pytest.mark.django_db
def test_clock_owns_up_to_a_year_it_does_not_know() -> None:
    said = onedoor("clock", "--from", "2031-01-04T10:00", "--for", "7 working days", "--json")
    assert said.data["provisional"] is True
    assert "2031" in said.data["caution"]["zh"]


# locate


def test_locate_names_the_grid(city: SmallCity) -> None:
    said = onedoor("locate", 114.005, 35.505, "--json")
    assert (said.status, said.data["grid"]["code"]) == (0, "419801001001001")
    assert [place["level"] for place in said.data["grid"]["path"]] == [
        "city",
        "county",
        "township",
        "village",
        "grid",
    ]
    assert "419801001001001" in onedoor("locate", 114.005, 35.505).out


def test_locate_converts_and_owns_up_to_finding_nothing(city: SmallCity) -> None:
    said = onedoor("locate", 114.0065, 35.5045, "--datum", "gcj02", "--json")
    assert said.data["lon"] < 114.0015
    outside = onedoor("locate", 115, 35.505, "--json")
    assert (outside.status, outside.data["grid"]) == (1, None)
    assert outside.data["nearest"]["code"] == "419802002002002"
    assert "最近为" in onedoor("locate", 115, 35.505).out
    assert "swapped" in onedoor("locate", 35.5, 114).err
    assert onedoor("locate", 114, 35, "--datum", "beijing54").status == 1


# audit


def test_audit_holds_and_finds_what_was_changed(city: SmallCity) -> None:
    matter = opened(city)
    log.anchor()
    said = onedoor("audit", "verify", "--json")
    assert (said.status, said.data["sound"], said.data["findings"]) == (0, True, [])
    assert "未见改动" in onedoor("audit", "verify").out
    Entry.objects.filter(stream=matter.stream, seq=1).update(body={"changes": {}})
    said = onedoor("audit", "verify", "--json")
    assert said.status == 1
    assert "edited" in {finding["what"] for finding in said.data["findings"]}
    assert matter.stream in onedoor("audit", "verify").out


# sheet and roster


def test_sheet_prints_json_and_writes_a_workbook(city: SmallCity, tmp_path: Path) -> None:
    opened(city)
    said = onedoor("sheet", "--week", "2026-W48", "--json")
    assert said.data["week"] == "2026-W48"
    assert "受理" in onedoor("sheet", "--week", "2026-W48", "--level", "county").out
    file = tmp_path / "week.xlsx"
    assert onedoor("sheet", "--week", "2026-W48", "--xlsx", file).status == 0
    assert openpyxl.load_workbook(file).sheetnames
    assert "2026-W46" in onedoor("sheet", "--week", "last").err


def test_roster_names_places_and_writes_a_workbook(city: SmallCity, tmp_path: Path) -> None:
    said = onedoor("roster", "--role", "police_officer", "--division", "419801001", "--json")
    assert {gap["code"] for gap in said.data["gaps"]} == {"419801001001", "419801001002"}
    assert said.data["coverage"][0]["lacking"] == 2
    table = onedoor("roster", "--role", "村警、社区民警", "--division", "419801001")
    assert "东柳前村" in table.out
    assert "2 lacking" in table.out
    file = tmp_path / "gaps.xlsx"
    onedoor("roster", "--on", "2026-11-01", "--xlsx", file)
    rows = list(openpyxl.load_workbook(file).active.values)  # type: ignore[union-attr]
    assert rows[0][1] == "代码 Code"
    assert len(rows) > 30
    assert onedoor("roster", "--role", "king").status == 1


# accounts


def test_accounts_from_the_command_line(city: SmallCity) -> None:
    assert onedoor("account", "add", "newone", "新人", "--english").status == 0
    assert onedoor("account", "add", "newone", "别人").status == 1
    weak = onedoor("account", "password", "newone", typed="123\n")
    assert weak.status == 1
    assert "密码" in weak.err
    assert onedoor("account", "password", "newone", typed="correct horse battery\n").status == 0
    account = Account.objects.get(login="newone")
    assert account.check_password("correct horse battery")
    assert account.language == "en"
    assert (
        onedoor(
            "account", "grant", "newone", "clerk", "419801", "--reason", "顶岗", "--until", "2026-12-31"
        ).status
        == 0
    )
    number = account.grants.get().pk
    assert onedoor("account", "withdraw", number, "--reason", "返岗").status == 0
    assert onedoor("account", "close", "newone").status == 0
    account.refresh_from_db()
    assert not account.is_active
    assert onedoor("account", "reopen", "newone").status == 0
    assert onedoor("account", "close", "nobody").status == 1


# keys


def test_a_key_is_issued_shown_once_listed_and_withdrawn(city: SmallCity) -> None:
    made = onedoor("key", "issue", "chenmin", "12345 热线", "--until", "2027-01-01")
    assert made.status == 0
    assert keys.account_of(made.out.strip()) == city.accounts["chenmin"]
    number = ApiKey.objects.get().pk
    assert str(number) in made.err
    assert made.out.strip() not in made.err
    told = onedoor("key", "list", "--json")
    assert told.data == [
        {"number": number, "account": "chenmin", "title": "12345 热线", "until": "2027-01-01", "opens": True}
    ]
    assert made.out.strip() not in told.out
    assert "12345 热线" in onedoor("key", "list", "--account", "ChenMin").out
    assert onedoor("key", "list", "--account", "liqiang", "--json").data == []
    assert onedoor("key", "withdraw", number).status == 0
    assert keys.account_of(made.out.strip()) is None
    assert "没有密钥 · there are no keys" in onedoor("key", "list").err
    assert "失效 ended" in onedoor("key", "list", "--all").out


def test_a_key_as_json_and_what_is_refused(city: SmallCity) -> None:
    made = onedoor("key", "issue", "chenmin", "Hotline", "--json")
    assert keys.account_of(made.data["key"]) == city.accounts["chenmin"]
    assert made.data["until"] is None
    set_active(Actor.system("test"), "chenmin", active=False)
    assert [told["opens"] for told in onedoor("key", "list", "--json").data] == [False]
    for words in (("issue", "nobody", "Hotline"), ("issue", "liqiang", "x"), ("withdraw", 0)):
        said = onedoor("key", *words)
        assert said.status == 1
        assert "错误" in said.err
    assert "2 至 80" in onedoor("key", "issue", "liqiang", "x").err
