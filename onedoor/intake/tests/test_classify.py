"""What a text is about, by the catalogue's words: what was found, how sure, and why; never an empty answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onedoor.intake.classify import Described, WordClassifier, weighted

CATALOGUE = [
    Described("property", None, ("物业",), leaf=False),
    Described("property.deposit", "property", ("装修押金*3", "押金"), leaf=True),
    Described("property.fees", "property", ("物业费*2", "公摊"), leaf=True),
    Described("lamp", None, ("路灯", "灯"), leaf=True),
    Described("other.general", None, (), leaf=True),
]
CLASSIFIER = WordClassifier(CATALOGUE, "other.general")


def codes(title: str, detail: str = "") -> list[str]:
    return [found.code for found in CLASSIFIER.suggest(title, detail)]


def test_the_most_telling_comes_first_and_says_why() -> None:
    first, second = CLASSIFIER.suggest("", "物业不退装修押金")
    assert (first.code, first.words) == ("property.deposit", ("物业", "装修押金"))
    assert second.code == "property.fees"  # by the word of its parent, at half its weight
    assert first.share == 0.875
    assert first.why["zh"] == "文中提到：物业、装修押金"
    assert "says" in first.why["en"]


def test_a_longer_word_hides_the_shorter_ones_in_it() -> None:
    [found] = CLASSIFIER.suggest("", "路灯不亮")
    assert (found.code, found.words) == ("lamp", ("路灯",))
    [lit] = CLASSIFIER.suggest("", "灯不亮")
    assert lit.words == ("灯",)


def test_the_title_counts_three_times() -> None:
    assert codes("路灯", "公摊") == ["lamp", "property.fees"]
    assert codes("公摊", "路灯") == ["property.fees", "lamp"]


def test_where_no_word_tells_it_says_so() -> None:
    [found] = CLASSIFIER.suggest("你好", "在吗")
    assert (found.code, found.share, found.words) == ("other.general", 0.0, ())
    assert found.why == {"zh": "未找到特征词", "en": "no telling word was found"}


def test_weights_are_read_as_they_are_written() -> None:
    assert weighted("物业费*2.5") == ("物业费", 2.5)
    assert weighted("押金") == ("押金", 1.0)


@given(st.text(alphabet="物业装修押金公摊路灯费 的了", max_size=60), st.text(max_size=20))
def test_shares_are_shares_and_the_answer_is_never_empty(title: str, detail: str) -> None:
    found = CLASSIFIER.suggest(title, detail)
    assert 1 <= len(found) <= 3
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    assert 0.0 <= sum(one.share for one in found) <= 1.001
    assert all(word in title or word in detail for one in found for word in one.words)
