"""Keys with which other systems act as an account: given out once, shown once, withdrawn at any time."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from onedoor.city import keys
from onedoor.city.actions.people import account_of, may_keep_person
from onedoor.city.actions.recording import record
from onedoor.city.events import KeyIssued, KeyWithdrawn
from onedoor.city.models import ApiKey
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotFound


@transaction.atomic
def issue_key(actor: Actor, login: str, title: str, *, until: date | None = None) -> str:
    """Gives an account a key, titled by the system that will hold it, until a day; returns the key, for this once.

    Raises NotFound, NotAllowed, BadInput.
    """
    account, title, errors = account_of(login), title.strip(), []
    may_keep_person(actor, account)
    if not 2 <= len(title) <= 80:
        errors.append(
            FieldError("title", "请写明用于哪个系统(2 至 80 字)", "name the system, in 2 to 80 characters")
        )
    if until is not None and until <= time.now().date():
        errors.append(FieldError("until", "到期日应晚于今日", "it must end after today"))
    if errors:
        raise BadInput(errors)
    key = keys.fresh()
    held = ApiKey.objects.create(account=account, title=title, digest=keys.digest(key), valid_to=until)
    record([(account, KeyIssued(account.login, held.pk, title, str(until or "")))], actor)
    return key


@transaction.atomic
def withdraw_key(actor: Actor, key_id: int) -> ApiKey:
    """Shuts a key from now on. Raises NotFound, NotAllowed, Conflict (it has ended)."""
    held = ApiKey.objects.select_related("account").filter(pk=key_id).first()
    if held is None:
        raise NotFound(what=f"key #{key_id}")
    may_keep_person(actor, held.account)
    today = time.now().date()
    if held.valid_to is not None and held.valid_to <= today:
        raise Conflict(zh="此密钥已失效", en="this key has ended already")
    held.valid_to = today
    held.save(update_fields=["valid_to"])
    record([(held.account, KeyWithdrawn(held.account.login, held.pk, str(today)))], actor)
    return held
