"""`onedoor account`: people who sign in."""

from __future__ import annotations

import sys

import click

from onedoor.city import actions
from onedoor.cli.bilingual import Group, both, say
from onedoor.cli.preparing import OPERATOR


@click.group("account", cls=Group, help=both("登录账号", "Accounts of those who sign in"))
def account() -> None:
    """Commands about accounts."""


@account.command(
    "add", help=both("新建账号（岗位由花名册导入）", "Add an account (posts come by the roster)")
)
@click.argument("login")
@click.argument("name")
@click.option("--english", is_flag=True, help=both("界面用英文", "Shows the interface in English"))
def add(login: str, name: str, english: bool) -> None:
    """Makes an account that can sign in once it has a password."""
    made = actions.add_account(OPERATOR, login, name, language="en" if english else "zh-hans")
    say(
        f"已新建账号 {made.login}；请用 onedoor account password {made.login} 设密码",
        f"account {made.login} added; set a password with `onedoor account password {made.login}`",
    )


@account.command(
    "password",
    help=both("设置密码（从终端或标准输入读取，不写在命令行上）", "Set a password (typed, or piped in)"),
)
@click.argument("login")
def password(login: str) -> None:
    """Reads the password without showing it, so that it stands in no history of commands."""
    if sys.stdin.isatty():
        typed = click.prompt(
            both("新密码", "New password"), hide_input=True, confirmation_prompt=both("再输一次", "Again")
        )
    else:
        typed = sys.stdin.readline().rstrip("\n")
    actions.set_password(OPERATOR, login, typed)
    say(f"{login} 的密码已设置", f"the password of {login} is set")


@account.command(
    "grant",
    help=both("授权：在某区划及其下以某角色办事", "Let an account act in a role on a division and below"),
)
@click.argument("login")
@click.argument("role")
@click.argument("division")
@click.option("--reason", required=True, help=both("理由", "Why"))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=both("到期日", "The day on which it ends"))
def grant(login: str, role: str, division: str, reason: str, until: click.DateTime | None) -> None:
    """Gives a grant; it reaches the division's whole subtree."""
    last = until.date() if until else None  # type: ignore[attr-defined]
    made = actions.give_grant(OPERATOR, login, role, division, reason, until=last)
    say(f"已授权（编号 {made.pk}）", f"granted (number {made.pk})")


@account.command("withdraw", help=both("收回授权", "Withdraw a grant"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=both("理由", "Why"))
def withdraw(number: int, reason: str) -> None:
    """Ends a grant from today."""
    actions.withdraw_grant(OPERATOR, number, reason)
    say(f"授权 {number} 已收回", f"grant {number} is withdrawn")


@account.command("close", help=both("停用账号", "Let an account sign in no longer"))
@click.argument("login")
def close(login: str) -> None:
    """Its posts and its history stay."""
    actions.set_active(OPERATOR, login, active=False)
    say(f"账号 {login} 已停用", f"account {login} can sign in no longer")


@account.command("reopen", help=both("恢复账号", "Let an account sign in again"))
@click.argument("login")
def reopen(login: str) -> None:
    """The opposite of close."""
    actions.set_active(OPERATOR, login, active=True)
    say(f"账号 {login} 已恢复", f"account {login} can sign in again")
