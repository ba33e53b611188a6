"""Start-up check: the sender that the site has chosen exists."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.notices import senders


@register()
def the_sender_exists(**_: Any) -> list[Error]:
    """`NOTICE_SENDER` names a function that can be imported."""
    try:
        senders.configured()
    except ImportError as error:
        hint = "ONEDOOR_NOTICE_SENDER is the dotted path of a function; leave it unset to write to a folder"
        return [Error(str(error), hint=hint, id="notices.E001")]
    return []
