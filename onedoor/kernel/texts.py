"""Text as people type, paste or send it, without what nobody can see. Pure.

Taken out are control characters, zero-width characters, marks that turn the direction of writing (they can make a text
read otherwise than it is kept), tags, fillers, and halves of characters that no encoding can carry.
"""

from __future__ import annotations

import re

from onedoor.kernel.problems import BadInput

LONGEST = 4000  # characters of what somebody gives as a reason, a result, an opinion
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text without what nobody can see and without outer white space; lines end in `\\n`."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip() if text else ""


def one_line(text: str) -> str:
    """The same on one line: for titles, names and addresses."""
    return _SPACES.sub(" ", tidy(text)) if text else ""


def written(field: str, text: str, zh: str, en: str) -> str:
    """The text that a field must have, tidied. Raises BadInput: with `zh` and `en` for none, or for one too long."""
    found = tidy(text)
    if not found:
        raise BadInput.of(field, zh, en)
    if len(found) > LONGEST:
        raise BadInput.of(field, f"最多 {LONGEST} 字", f"at most {LONGEST} characters")
    return found
