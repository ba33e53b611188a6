"""Changes of accounts, posts and grants. Their entries stand in the history of the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from onedoor.city import policies
from onedoor.city.actions.recording import BATCH, record, touch
from onedoor.city.events import (
    AccountAdded,
    AccountAmended,
    GrantGiven,
    GrantWithdrawn,
    PasswordSet,
    PostAssigned,
    PostEnded,
)
from onedoor.city.models import Account, Division, Grant, Post
from onedoor.city.plans import posts as plans
from onedoor.city.queries import roles
from onedoor.city.rows import PostRow, Taken
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotFound


@transaction.atomic
def take_posts(actor: Actor, rows: Sequence[PostRow]) -> Taken:
    """Takes in rows of a roster: accounts and posts that are new, posts that end; the same again changes nothing.

    New accounts cannot sign in before a password is set. A row that cannot be taken is refused with its reasons and
    keeps no other from being taken. Raises NotAllowed.
    """
    plan = plans.plan(rows)
    places = {plan.divisions[row.division_code].pk for _, row in plan.fresh}
    policies.may_keep(actor, places | {post.division_id for _, post, _, _ in plan.ending})
    made = Account.objects.bulk_create(
        [
            Account(login=login, name=name, password=make_password(None))
            for login, name in plan.accounts.items()
        ],
        batch_size=BATCH,
    )
    accounts = plan.known | {account.login: account for account in made}
    events: list[tuple[Account, Event]] = [(a, AccountAdded(login=a.login, name=a.name)) for a in made]
    events += _rename(plan, accounts) + _assign(plan, accounts) + _end(plan, accounts)
    record(events, actor)
    if plan.fresh or plan.ending:
        touch()
    return Taken(
        added=len(plan.fresh),
        closed=len(plan.ending),
        changed=len(plan.renamed),
        same=plan.same,
        refused=plan.refused,
    )


def _rename(plan: plans.PostPlan, accounts: dict[str, Account]) -> list[tuple[Account, Event]]:
    renamed = [accounts[login] for login in plan.renamed]
    for account in renamed:
        account.name = plan.renamed[account.login]
    Account.objects.bulk_update(renamed, ["name"], batch_size=300)
    return [(account, AccountAmended(account.login, ["name"], account.name)) for account in renamed]


def _assign(plan: plans.PostPlan, accounts: dict[str, Account]) -> list[tuple[Account, Event]]:
    posts = [_post(row, plan, accounts) for _, row in plan.fresh]
    Post.objects.bulk_create(posts, batch_size=BATCH)
    return [
        (
            accounts[row.login],
            PostAssigned(
                row.unit_code, row.role, row.division_code, str(row.valid_from), str(row.valid_to or "")
            ),
        )
        for _, row in plan.fresh
    ]


def _post(row: PostRow, plan: plans.PostPlan, accounts: dict[str, Account]) -> Post:
    assert row.valid_from is not None  # the plan has filled it in
    return Post(
        account=accounts[row.login],
        unit=plan.units[row.unit_code],
        role=row.role,
        division=plan.divisions[row.division_code],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _end(plan: plans.PostPlan, accounts: dict[str, Account]) -> list[tuple[Account, Event]]:
    events: list[tuple[Account, Event]] = []
    for _, post, day, reason in plan.ending:
        post.valid_to = day
        event = PostEnded(post.unit.code, post.role, post.division.code, str(day), reason)
        events.append((accounts[post.account.login], event))
    Post.objects.bulk_update([post for _, post, _, _ in plan.ending], ["valid_to"], batch_size=300)
    return events


@transaction.atomic
def end_post(actor: Actor, post_id: int, *, on: date | None = None, reason: str = "") -> Post:
    """Ends a post from a day on (today by default). Raises NotFound, NotAllowed, BadInput."""
    post = Post.objects.select_related("account", "unit", "division").filter(pk=post_id).first()
    if post is None:
        raise NotFound(what=f"post #{post_id}")
    policies.may_keep(actor, {post.division_id})
    day = on or time.now().date()
    if day < post.valid_from or (post.valid_to is not None and post.valid_to <= day):
        raise BadInput.of("valid_to", "不在该岗位的任期内", "the post is not held on that day")
    post.valid_to = day
    post.save(update_fields=["valid_to"])
    record(
        [(post.account, PostEnded(post.unit.code, post.role, post.division.code, str(day), reason))], actor
    )
    touch()
    return post


@transaction.atomic
def add_account(actor: Actor, login: str, name: str, *, language: str = "zh-hans") -> Account:
    """Makes an account without posts and without a password. Raises NotAllowed, BadInput, Conflict."""
    policies.may_found(actor)
    login, name = login.strip().lower(), name.strip()
    errors = []
    if not plans.LOGIN.fullmatch(login):
        errors.append(
            FieldError(
                "login",
                "账号应为小写字母、数字和 . _ @ -,2 至 60 位",
                "a login is 2 to 60 small letters, digits and . _ @ -",
            )
        )
    if not name or len(name) > 60:
        errors.append(FieldError("name", "姓名为空或超过 60 字", "the name is empty or over 60 characters"))
    if errors:
        raise BadInput(errors)
    if Account.objects.filter(login__iexact=login).exists():
        raise Conflict(zh=f"账号 {login} 已存在", en=f"there is an account {login} already")
    account = Account(login=login, name=name, language=language)
    account.set_unusable_password()
    account.save()
    record([(account, AccountAdded(login=login, name=name))], actor)
    return account


@transaction.atomic
def set_password(actor: Actor, login: str, password: str) -> Account:
    """Sets the password of an account. Raises NotFound, NotAllowed; BadInput for one too short or too common."""
    account = account_of(login)
    if actor.account_id != account.pk:
        may_keep_person(actor, account)
    try:
        validate_password(password, account)
    except ValidationError as error:
        with translation.override("zh-hans"):
            zh = " ".join(error.messages)
        with translation.override("en"):
            en = " ".join(error.messages)
        raise BadInput.of("password", zh, en) from error
    account.set_password(password)
    account.save(update_fields=["password"])
    record([(account, PasswordSet(account.login))], actor)
    return account


@transaction.atomic
def set_language(actor: Actor, login: str, language: str) -> bool:
    """Sets the language in which an account reads its pages; False where it is that already.

    Raises NotFound, NotAllowed; BadInput for a language that the interface does not have.
    """
    account = account_of(login)
    if actor.account_id != account.pk:
        may_keep_person(actor, account)
    if language not in dict(settings.LANGUAGES):
        raise BadInput.of("language", "没有这种界面语言", "the interface does not have this language")
    if account.language == language:
        return False
    account.language = language
    account.save(update_fields=["language"])
    record([(account, AccountAmended(account.login, ["language"]))], actor)
    return True


@transaction.atomic
def set_active(actor: Actor, login: str, active: bool) -> Account:
    """Lets an account sign in, or no longer. Posts stay as they are. Raises NotFound, NotAllowed."""
    account = account_of(login)
    may_keep_person(actor, account)
    account.is_active = active
    account.save(update_fields=["is_active"])
    record([(account, AccountAmended(account.login, ["active" if active else "inactive"]))], actor)
    touch()
    return account


def account_of(login: str) -> Account:
    """The account that signs in with a login. Raises NotFound."""
    account = Account.objects.filter(login__iexact=login.strip()).first()
    if account is None:
        raise NotFound(what=login)
    return account


def may_keep_person(actor: Actor, account: Account) -> None:
    """An administrator keeps the people whose posts all lie in her part of the city; the city's, everybody."""
    places = set(Post.objects.filter(account=account).values_list("division_id", flat=True))
    policies.may_keep(actor, places) if places else policies.may_found(actor)


@transaction.atomic
def give_grant(
    actor: Actor, login: str, role: str, division_code: str, reason: str, *, until: date | None = None
) -> Grant:
    """Lets an account act in a role on a division and everything below it, from today (until a day).

    Raises NotFound, NotAllowed; BadInput for an unknown role, no reason, or an end that has passed; Conflict when it
    holds already.
    """
    account = account_of(login)
    division = Division.objects.filter(code=division_code, valid_to=None).first()
    if division is None:
        raise NotFound(what=division_code)
    policies.may_keep(actor, {division.pk})
    today, errors = time.now().date(), []
    if role not in roles():
        errors.append(
            FieldError(
                "role",
                f"没有岗位角色「{role}」",
                f"there is no role {role!r}; there are {', '.join(roles())}",
            )
        )
    if not 2 <= len(reason.strip()) <= 200:
        errors.append(
            FieldError("reason", "请写明授权理由（2 至 200 字）", "say why, in 2 to 200 characters")
        )
    if until is not None and until <= today:
        errors.append(FieldError("until", "到期日应晚于今日", "it must end after today"))
    if errors:
        raise BadInput(errors)
    if Grant.objects.filter(account=account, role=role, division=division, valid_to=None).exists():
        raise Conflict(zh="此授权已存在", en="this grant holds already")
    grant = Grant.objects.create(
        account=account, role=role, division=division, reason=reason.strip(), valid_from=today, valid_to=until
    )
    record([(account, GrantGiven(role, division.code, str(today), str(until or ""), grant.reason))], actor)
    touch()
    return grant


@transaction.atomic
def withdraw_grant(actor: Actor, grant_id: int, reason: str) -> Grant:
    """Ends a grant from today. Raises NotFound, NotAllowed, BadInput (no reason), Conflict (it has ended)."""
    grant = Grant.objects.select_related("account", "division").filter(pk=grant_id).first()
    if grant is None:
        raise NotFound(what=f"grant #{grant_id}")
    policies.may_keep(actor, {grant.division_id})
    if not reason.strip():
        raise BadInput.of("reason", "请写明收回理由", "say why it is withdrawn")
    today = time.now().date()
    if grant.valid_to is not None and grant.valid_to <= today:
        raise Conflict(zh="此授权已失效", en="this grant has ended already")
    grant.valid_to = today
    grant.save(update_fields=["valid_to"])
    record(
        [(grant.account, GrantWithdrawn(grant.role, grant.division.code, str(today), reason.strip()))], actor
    )
    touch()
    return grant
