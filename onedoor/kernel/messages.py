"""Translations: merges `onedoor/locale/<language>/parts/*.po`, compiles `django.mo`, needs no GNU gettext.

Each package keeps its own part, so that two people never edit one file. The parts of a language are laid
together in the order of their names; the same message translated twice in different words is refused, because
which one a page shows would be chance. Run it as `python -m onedoor.kernel.messages`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"
HEADER = {
    "Project-Id-Version": "OneDoor",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
PLURALS = {"zh_Hans": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}


class TwoTranslations(ValueError):
    """The same message has two different translations; says which, and in which parts."""


def merge(folder: Path) -> polib.POFile:
    """One catalogue out of every `*.po` file of `folder`, e.g. `onedoor/locale/zh_Hans/parts`.

    Raises TwoTranslations where parts disagree. Untranslated, fuzzy and obsolete entries are left out.
    """
    merged = polib.POFile()
    language = folder.parent.name
    merged.metadata = HEADER | {"Language": language, "Plural-Forms": PLURALS[language]}
    origin: dict[tuple[str | None, str], tuple[polib.POEntry, str]] = {}
    for part in sorted(folder.glob("*.po")):
        for entry in polib.pofile(str(part), encoding="utf-8").translated_entries():
            key = entry.msgctxt, entry.msgid
            if key not in origin:
                origin[key] = entry, part.name
                merged.append(entry)
            elif _said(origin[key][0]) != _said(entry):
                raise TwoTranslations(_disagreement(entry, part.name, *origin[key]))
    return merged


def _said(entry: polib.POEntry) -> object:
    return entry.msgstr_plural or entry.msgstr


def _disagreement(entry: polib.POEntry, part: str, first: polib.POEntry, first_part: str) -> str:
    return (
        f"{part}:{entry.linenum}: {entry.msgid!r} is {_said(entry)!r}, but {first_part}:{first.linenum} "
        f"says {_said(first)!r}; keep one of them"
    )


def compile_all(locale: Path = LOCALE) -> dict[str, int]:
    """Compiles every language that has parts; returns how many messages each has."""
    counts = {}
    for parts in sorted(locale.glob("*/parts")):
        catalogue = merge(parts)
        target = parts.parent / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(exist_ok=True)
        catalogue.save_as_mofile(str(target))
        counts[parts.parent.name] = len(catalogue)
    return counts


def main() -> int:
    """Compiles everything; says what was done, or what stands in the way (exit status 1)."""
    try:
        counts = compile_all()
    except (TwoTranslations, OSError) as error:  # polib reports a syntax error as OSError
        sys.stderr.write(f"{error}\n")
        return 1
    for language, count in counts.items():
        sys.stdout.write(f"{language}: {count} messages\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
