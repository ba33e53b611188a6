"""Contact data is sealed: encrypted where it is kept, recognisable without being read, hidden when shown.

Keys are derived from the master secret (`kernel.secrets`), one per purpose. To change the master, set the
new one and keep the old one in `SECRET_KEY_FALLBACKS`: what it sealed still opens, codes given out still
hold, and people are still recognised; `resealed` moves a text to the new key.

- Sealing: AES-256-GCM with a random nonce. A sealed text is `s1.` + base64url(4 bytes that name the key,
  12 bytes of nonce, ciphertext and tag). The first seven bytes are authenticated too, so that nothing can
  be passed off as sealed by another key.
- Recognition: HMAC-SHA-256 of the normalised phone or identity number, truncated to 128 bits.
- Query code: HMAC-SHA-256 of the matter's number, as eight letters; it is not stored anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from onedoor.kernel.problems import Problem
from onedoor.kernel.redaction import redact
from onedoor.kernel.secrets import derive

__all__ = [
    "SealBroken",
    "SealedTextField",
    "check_query_code",
    "lookup_token",
    "lookup_tokens",
    "query_code",
    "redact",
    "resealed",
    "seal",
    "unseal",
]

_MARK = "s1."
_KEY_NAME, _NONCE = 4, 12
# Neither digits nor letters that are taken for each other, on paper or on the telephone: no 0 O, 1 I L, U V.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 8
_SEPARATORS = re.compile(r"[\s\-‐-―－·.()/]+")
_TRUNK = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)")


class SealBroken(Problem):
    """A sealed text cannot be opened: its key is not here, or it was altered."""

    code, status = "seal_broken", 500
    zh = "加密内容无法解开：密钥缺失或内容被改动。请检查主密钥及 SECRET_KEY_FALLBACKS。"
    en = (
        "A sealed text cannot be opened: its key is missing or it was altered. "
        "Check the master secret and SECRET_KEY_FALLBACKS."
    )


class _Keys(NamedTuple):
    name: bytes
    cipher: AESGCM
    lookup: bytes
    code: bytes


@lru_cache(maxsize=16)
def _derived(master: str) -> _Keys:
    sealing = derive(master, "field encryption")
    name = hashlib.sha256(b"name of " + sealing).digest()[:_KEY_NAME]
    return _Keys(name, AESGCM(sealing), derive(master, "lookup token"), derive(master, "query code"))


def _present() -> _Keys:
    return _derived(settings.SECRET_KEY)


def _all_keys() -> list[_Keys]:
    return [_derived(master) for master in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def seal(text: str) -> str:
    """The text, encrypted with the present key; different every time. Empty stays empty."""
    if not text:
        return ""
    keys, nonce = _present(), os.urandom(_NONCE)
    sealed = keys.cipher.encrypt(nonce, text.encode(), _MARK.encode() + keys.name)
    return _MARK + base64.urlsafe_b64encode(keys.name + nonce + sealed).decode()


def unseal(sealed: str) -> str:
    """The text of `seal`, under the present key or an earlier one. Raises SealBroken."""
    if not sealed:
        return ""
    raw = _opened(sealed)
    name, nonce, body = raw[:_KEY_NAME], raw[_KEY_NAME : _KEY_NAME + _NONCE], raw[_KEY_NAME + _NONCE :]
    keys = next((keys for keys in _all_keys() if keys.name == name), None)
    if keys is None or not sealed.startswith(_MARK):
        raise SealBroken
    try:
        return keys.cipher.decrypt(nonce, body, _MARK.encode() + name).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def resealed(sealed: str) -> str:
    """The same text under the present key; unchanged if it already is. Raises SealBroken."""
    if not sealed or _opened(sealed)[:_KEY_NAME] == _present().name:
        return sealed
    return seal(unseal(sealed))


def _opened(sealed: str) -> bytes:
    """The bytes behind the mark. Raises SealBroken."""
    try:
        return base64.b64decode(sealed.removeprefix(_MARK), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SealBroken from error


def lookup_token(contact: str) -> str:
    """32 hex digits that are the same for every spelling of one phone or identity number; empty for empty.

    Equal tokens mean the same contact; without the key nobody can get back from a token, nor make one.
    """
    tokens = lookup_tokens(contact)
    return tokens[0] if tokens else ""


def lookup_tokens(contact: str) -> list[str]:
    """The token under every key, the present one first: what to search for while old tokens are stored."""
    plain = normalised(contact)
    if not plain:
        return []
    return [hmac.digest(keys.lookup, plain.encode(), "sha256")[:16].hex() for keys in _all_keys()]


def normalised(contact: str) -> str:
    """A phone or identity number without width, separators, country code and case."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", contact)).upper()
    return _TRUNK.sub("", plain)


def query_code(number: str) -> str:
    """The eight letters that go with a matter's number; whoever has both may read the matter."""
    return _code(number, _present())


def check_query_code(number: str, given: str) -> bool:
    """Whether the code belongs to the number, in any case, width or grouping; as slow for any answer."""
    tidy = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given)).upper().encode()
    right = [hmac.compare_digest(_code(number, keys).encode(), tidy) for keys in _all_keys()]
    return any(right)


def _code(number: str, keys: _Keys) -> str:
    # 29 to the power of 8 is 39 bits, taken from 256: the remainder favours no letter noticeably.
    value = int.from_bytes(hmac.digest(keys.code, number.strip().upper().encode(), "sha256"))
    letters = []
    for _ in range(CODE_LENGTH):
        value, place = divmod(value, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return "".join(letters)


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed in the database and plain in Python. It cannot be searched; see `lookup_token`."""

    description = "Sealed text"

    def get_prep_value(self, value: Any) -> Any:
        """Seals on the way in."""
        plain = super().get_prep_value(value)
        return plain if plain is None else seal(plain)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Opens on the way out. Raises SealBroken."""
        return value if value is None else unseal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` makes sense: two seals of one text differ."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
