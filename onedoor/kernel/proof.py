"""A resident proves that a matter is hers by its number and query code; nothing else is asked of her."""

from __future__ import annotations

from onedoor.kernel import limits
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import WrongCode
from onedoor.kernel.sealing import check_query_code


def prove(number: str, code: str, visitor: str) -> Actor:
    """The resident who holds the receipt of matter `number`, and may speak on it.

    `visitor` is where she asks from (`limits.visitor`). Raises WrongCode, and TooMany after too many wrong ones.
    """
    number = number.strip().upper()
    spots = (limits.CODE_BY_VISITOR, visitor), (limits.CODE_BY_NUMBER, number)
    with limits.guesses(*spots):
        if not check_query_code(number, code):
            raise WrongCode
    return Actor.resident(number)
