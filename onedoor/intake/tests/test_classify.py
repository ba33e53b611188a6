"""What a text is about: the seam between the city's catalogue and the model, before and after learning."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.intake.classify import Catalogue
from onedoor.intake.lessons import Lesson
from onedoor.triage.tree import Node

CATALOGUE = Catalogue(
    (
        Node("property", "", "物业", ("物业",), filed=False),
        Node("property.deposit", "property", "装修押金", ("装修押金*3", "押金")),
        Node("property.fees", "property", "物业费", ("物业费*2", "公摊")),
        Node("lamp", "", "路灯", ("路灯", "灯")),
        Node("other.general", "", "其他", ("其他事项",)),
    )
)
WORDS = CATALOGUE.by_words()
SAYINGS = {
    "property.deposit": "装房子时压的钱不吐",
    "lamp": "长明的那几盏瞎了",
    "property.fees": "管院子的钱又涨了",
}


def lessons(count: int = 30) -> list[Lesson]:
    return [
        Lesson(f"{code}{n}", f"{text}{n}", f"都{n}天了", code, corrected=False, closed=True)
        for n in range(count) for code, text in SAYINGS.items()
    ]  # fmt: skip


def test_the_words_of_the_catalogue_decide_before_the_first_example_and_say_why() -> None:
    first = WORDS.suggest("", "物业不退装修押金")[0]
    assert first.code == "property.deposit"
    assert "装修押金" in first.words
    assert first.why["zh"].startswith("文中提到：")
    assert "says" in first.why["en"]


def test_where_no_word_tells_it_says_so() -> None:
    [found] = WORDS.suggest("你好", "在吗")
    assert (found.code, found.share, found.words) == ("other.general", 0.0, ())
    assert found.why == {"zh": "未找到特征词", "en": "no telling word was found"}


def test_what_was_learned_is_kept_as_bytes_and_read_back() -> None:
    learned = CATALOGUE.read(CATALOGUE.train(lessons()))
    for code, text in SAYINGS.items():
        found = learned.suggest(text, "")
        assert (found[0].code, found[0].share > 0.5) == (code, True)
        assert found[0].words
        assert all(word in text for word in found[0].words)


def test_what_is_kept_is_numbers_and_the_catalogue_and_no_text_of_a_lesson() -> None:
    secret = Lesson("x", "刘娟的秘密", "刘娟13800001234", "lamp", corrected=False, closed=True)
    body = CATALOGUE.train([*lessons(), secret, secret])
    with np.load(io.BytesIO(body), allow_pickle=False) as held:
        about = held["about"].tobytes().decode()
        assert all(held[name].dtype.kind in "iuf" for name in held.files)
    assert "装修押金" in about
    assert not [said for said in ("刘娟", "13800001234", *SAYINGS.values()) if said in about]


@pytest.mark.parametrize("body", [b"", b"nothing", CATALOGUE.train(lessons())[:-200]])
def test_bytes_that_are_none_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CATALOGUE.read(body)


def test_a_category_that_was_given_up_is_suggested_no_more() -> None:
    body = CATALOGUE.train(lessons())
    later = Catalogue(tuple(node for node in CATALOGUE.nodes if node.code != "lamp"))
    found = later.read(body).suggest(SAYINGS["lamp"], "")
    assert found
    assert "lamp" not in [one.code for one in found]


def test_a_catalogue_without_the_usual_fallback_has_one_all_the_same() -> None:
    catalogue = Catalogue(CATALOGUE.nodes[:3])
    assert catalogue.fallback == "property.deposit"
    assert catalogue.by_words().suggest("你好", "")[0].code == "property.deposit"


TEXTS = st.text(alphabet="物业装修押金公摊路灯费 的了装房子长明", max_size=60) | st.text(max_size=40)
LEARNED = CATALOGUE.read(CATALOGUE.train(lessons()))


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_shares_are_shares_and_the_answer_is_never_empty(title: str, detail: str) -> None:
    for classifier in (WORDS, LEARNED):
        found = classifier.suggest(title, detail)
        assert 1 <= len(found) <= 3
        assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
        assert all(0 <= one.share <= 1 and one.code in CATALOGUE.codes for one in found)
        assert sum(one.share for one in found) <= 1.001
