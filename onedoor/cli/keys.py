"""`onedoor key`: keys with which other systems act as an account."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from onedoor.city import actions, keys
from onedoor.city.models import ApiKey
from onedoor.cli.asking import AS_JSON
from onedoor.cli.bilingual import Group, both, print_json, say
from onedoor.cli.preparing import OPERATOR
from onedoor.cli.tabular import table
from onedoor.kernel import time

HEADINGS = ("编号 Number", "账号 Account", "用于 For", "到期 Until", "状态 Standing")


@click.group("key", cls=Group, help=both("接口密钥", "Keys of other systems that call the API"))
def key() -> None:
    """Commands about keys."""


@key.command("issue", help=both("签发密钥，只显示这一次", "Give an account a key; it is shown this one time"))
@click.argument("login")
@click.argument("title")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=both("到期日", "The day on which it ends"))
@AS_JSON
def issue(login: str, title: str, until: datetime | None, as_json: bool) -> None:
    """TITLE names the system that will hold it. Only the key goes to the output, for a pipe to take."""
    made = actions.issue_key(OPERATOR, login, title, until=until.date() if until else None)
    held = keys.held(made)
    if as_json:
        print_json(_told(held, time.now().date()) | {"key": made})
        return
    click.echo(made)
    say(
        f"密钥编号 {held.pk}，只显示这一次，请即存入「{held.title}」",
        f"key number {held.pk}; it is not shown again: store it in “{held.title}” now",
    )


@key.command(
    "list",
    help=both("列出密钥（密钥本身不留存，无法再显示）", "List keys; the keys themselves are kept nowhere"),
)
@click.option("--account", "login", help=both("只看一个账号", "Only those of one account"))
@click.option("--all", "ended", is_flag=True, help=both("连同已失效的", "Also those that have ended"))
@AS_JSON
def listed(login: str | None, ended: bool, as_json: bool) -> None:
    """The oldest first."""
    today = time.now().date()
    found = [_told(held, today) for held in keys.listed(login, ended=ended)]
    if as_json:
        print_json(found)
    elif found:
        click.echo(table(HEADINGS, [_row(told) for told in found]))
    else:
        say("没有密钥", "there are no keys")


@key.command("withdraw", help=both("收回密钥，即刻失效", "Withdraw a key: it opens nothing from now on"))
@click.argument("number", type=int)
def withdraw(number: int) -> None:
    """NUMBER as `onedoor key list` shows it."""
    held = actions.withdraw_key(OPERATOR, number)
    say(
        f"密钥 {held.pk}（{held.title}）已收回",
        f"key {held.pk} ({held.title}) is withdrawn",
    )


def _told(held: ApiKey, today: date) -> dict[str, Any]:
    return {
        "number": held.pk,
        "account": held.account.login,
        "title": held.title,
        "until": held.valid_to.isoformat() if held.valid_to else None,
        "opens": held.account.is_active and (held.valid_to is None or held.valid_to > today),
    }


def _row(told: dict[str, Any]) -> tuple[object, ...]:
    standing = "有效 opens" if told["opens"] else "失效 ended"
    return told["number"], told["account"], told["title"], told["until"] or "—", standing
