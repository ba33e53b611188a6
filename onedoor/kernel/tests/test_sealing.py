"""Contact data opens only with its key, is recognised without being opened, and codes fit one number only."""

from __future__ import annotations

import base64

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from onedoor.kernel import sealing
from onedoor.kernel.sealing import (
    SealBroken,
    SealedTextField,
    check_query_code,
    lookup_token,
    lookup_tokens,
    query_code,
    resealed,
    seal,
    unseal,
)


@given(st.text(max_size=200))
def test_what_is_sealed_opens(text: str) -> None:
    sealed = seal(text)
    assert unseal(sealed) == text
    assert text == "" or (sealed.isascii() and sealed != text)


def test_every_seal_differs() -> None:
    assert seal("13812345678") != seal("13812345678")
    assert "138" not in base64.urlsafe_b64decode(seal("13812345678")[3:]).decode("latin-1")


@pytest.mark.parametrize(
    "broken",
    ["13812345678", "张三", "s1.", "s1.AAAA", "s1.!!!!", "s2." + "A" * 64, "s1." + "A" * 64, "A" * 64],
)
def test_what_was_never_sealed_does_not_open(broken: str) -> None:
    with pytest.raises(SealBroken) as caught:
        unseal(broken)
    assert broken not in caught.value.text("en")


def test_an_altered_seal_does_not_open() -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal("张三")[3:]))
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        with pytest.raises(SealBroken):
            unseal("s1." + base64.urlsafe_b64encode(altered).decode())


def test_after_a_change_of_secret_the_old_still_opens(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old master secret", []
    sealed, token, code = seal("张三"), lookup_token("13812345678"), query_code("HB-1")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new master secret", ["old master secret"]
    assert unseal(sealed) == "张三"
    assert token in lookup_tokens("13812345678")
    assert lookup_token("13812345678") != token
    assert check_query_code("HB-1", code)
    assert query_code("HB-1") != code
    moved = resealed(sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(moved) == "张三"
    assert resealed(moved) == moved
    assert not check_query_code("HB-1", code)
    with pytest.raises(SealBroken):
        unseal(sealed)


@pytest.mark.parametrize(
    "spelling",
    [
        "138-1234-5678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "+86 138 1234 5678",
        "0086-13812345678",
        " 8613812345678",
    ],
)
def test_one_phone_in_any_spelling_has_one_token(spelling: str) -> None:
    assert lookup_token(spelling) == lookup_token("13812345678")


def test_tokens_tell_contacts_apart_and_tell_nothing_else() -> None:
    assert lookup_token("41061119800101123x") == lookup_token("41061119800101123X")
    assert lookup_token("13812345678") != lookup_token("13812345679")
    assert lookup_token("8601234567") != lookup_token("01234567")  # no country code: too short for a mobile
    assert lookup_token("") == lookup_token(" - ") == ""
    assert len(lookup_token("13812345678")) == 32


def test_a_code_fits_its_number_only() -> None:
    code = query_code("HB-2026-000123")
    assert code == query_code("hb-2026-000123 ")
    assert check_query_code("HB-2026-000123", code)
    assert check_query_code("HB-2026-000123", f" {code[:4].lower()}-{code[4:].lower()} ")
    assert not check_query_code("HB-2026-000124", code)
    assert not check_query_code("HB-2026-000123", code[:-1])
    assert not check_query_code("HB-2026-000123", "")
    assert not check_query_code("HB-2026-000123", "口令")


def test_codes_are_eight_letters_that_are_not_mistaken() -> None:
    codes = [query_code(f"HB-{number}") for number in range(2000)]
    assert len(set(codes)) == 2000
    letters = set("".join(codes))
    assert letters == set(sealing.CODE_LETTERS)
    assert not letters & set("01OILUV")
    assert {len(code) for code in codes} == {8}


@isolate_apps("onedoor.kernel")
@pytest.mark.django_db(transaction=True)
def test_a_field_is_plain_in_python_and_sealed_in_the_database() -> None:
    class Person(models.Model):  # noqa: DJ008
        name = SealedTextField(blank=True)
        note = SealedTextField(null=True)

        class Meta:
            app_label = "kernel"
            db_table = "test_sealed_person"

    people = Person._default_manager
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    try:
        people.create(name="张三")
        person = people.get()
        assert (person.name, person.note) == ("张三", None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM test_sealed_person")
            stored = cursor.fetchone()[0]
        assert stored.startswith("s1.")
        assert unseal(stored) == "张三"
        assert people.filter(note__isnull=True).count() == 1
        with pytest.raises(Exception, match="Unsupported lookup"):
            people.filter(name="张三").exists()
        people.update(name="")
        assert people.get().name == ""
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Person)
