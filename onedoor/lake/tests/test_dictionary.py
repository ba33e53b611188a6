"""The data dictionary is what the catalogue says."""

from __future__ import annotations

from onedoor.kernel.packs import SHIPPED
from onedoor.lake.dictionary import text


def test_the_dictionary_is_current() -> None:
    written = SHIPPED.parent.parent / "docs" / "data-dictionary.md"
    assert written.read_text("utf-8") == text(), (
        "run: python -m onedoor.lake.dictionary docs/data-dictionary.md"
    )
