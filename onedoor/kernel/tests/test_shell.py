"""The frame, the components and their contracts, the tags, the errors, the colours."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils.translation import override

from onedoor.kernel import components, patterns, samples, shell
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.problems import NotFound
from onedoor.kernel.templatetags.onedoor import icon_names
from onedoor.kernel.time import at, now
from tests.support.ids import repeated

STATIC = Path(components.__file__).parent / "static" / "onedoor"
TEMPLATES = components.FOLDER.parent
LANGUAGES = ("zh-hans", "en")

pytestmark = pytest.mark.urls("onedoor.kernel.tests.frame_urls")


@pytest.fixture(autouse=True)
def _no_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame alone: what the site's surfaces have registered leads to addresses that are not here."""
    monkeypatch.setattr(shell, "_navigation", {})
    monkeypatch.setattr(shell, "_city", {})


def rendered(source: str, language: str = "en", **context: object) -> str:
    """A piece of template, with the tags loaded."""
    with override(language):
        return Template("{% load onedoor %}" + source).render(Context(context))


def get(address: str, language: str = "en", **headers: str) -> str:
    """The body of a page."""
    return response(address, language, **headers).content.decode()


def response(address: str, language: str = "en", **headers: str) -> HttpResponse:
    """The answer to a visitor who reads `language`."""
    client = Client(raise_request_exception=False)
    return client.get(address, headers={"accept-language": language, **headers})  # type: ignore[return-value]


# -- components ------------------------------------------------------------------------------------------------


def test_every_component_has_a_demo_and_every_demo_a_component() -> None:
    assert {path.stem for path in patterns.DEMOS.glob("*.html")} == set(components.names())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("frame", ["desk", "portal"])
def test_patterns_shows_every_component(language: str, frame: str) -> None:
    page = get(f"/patterns/?frame={frame}", language)
    shown = re.findall(r'<section class="pattern" id="c-(\w+)">', page)
    assert shown == components.names()
    assert f'<html lang="{language}">' in page
    assert ("查询码" in page) == (language == "zh-hans")


@pytest.mark.parametrize("name", components.names())
def test_every_demo_makes_something_of_its_own(name: str) -> None:
    made = rendered((patterns.DEMOS / f"{name}.html").read_text("utf-8"), **samples.values())
    assert len(re.findall(r"<\w", made)) > 0
    assert "{zh" not in unescape(made)
    assert "{'zh'" not in unescape(made)


@pytest.mark.parametrize("name", components.names())
def test_every_parameter_is_used_by_its_component(name: str) -> None:
    _, _, body = (components.FOLDER / f"{name}.html").read_text("utf-8").partition("endcomment %}")
    parts = "".join(path.read_text("utf-8") for path in (TEMPLATES / "fields").glob("*.html"))
    said = body + (parts if name == "field" else "")
    unused = [p.name for p in components.contract(name).parameters if not re.search(rf"\b{p.name}\b", said)]
    assert unused == []


def test_a_parameter_that_is_not_in_the_contract_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="does not take colour"):
        rendered('{% component "badge" text="x" colour="red" %}')


def test_a_parameter_that_is_missing_is_named() -> None:
    with pytest.raises(TemplateSyntaxError, match="needs code"):
        rendered('{% component "receipt" number="1" %}')


def test_an_unknown_component_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="no component 'carousel'"):
        rendered('{% component "carousel" %}')


@pytest.mark.parametrize(
    "source",
    [
        "<p>no comment</p>",
        "{% comment %}\nBadge\n---\n{% endcomment %}",
        "{% comment %}\n徽标 · Badge\n---\ntext\n{% endcomment %}",
    ],
)
def test_a_contract_must_be_written_as_it_should_be(source: str) -> None:
    with pytest.raises(ValueError, match="component 'x'"):
        components.parse("x", source)


def test_a_component_does_not_see_the_page_around_it() -> None:
    assert "secret" not in rendered('{% component "panel" slot="" %}', title="secret")


def test_what_a_component_is_given_is_escaped() -> None:
    made = rendered('{% component "badge" text=words %}', words={"zh": "<b>", "en": "<script>"})
    assert "&lt;script&gt;" in made


def test_a_wrapped_piece_sees_the_page_and_goes_inside() -> None:
    made = rendered('{% wrap "panel" title="t" %}<i>{{ inner }}</i>{% endwrap %}', inner="yes")
    assert re.search(r'panel-body"><i>yes</i>', made)


# -- tags ------------------------------------------------------------------------------------------------------


def test_an_icon_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="unicorn"):
        rendered('{% icon "unicorn" %}')


def test_an_icon_alone_has_a_name_and_one_beside_words_is_silent() -> None:
    assert 'role="img" aria-label="Lock"' in rendered('{% icon "lock" "Lock" %}')
    assert 'aria-hidden="true"' in rendered('{% icon "lock" %}')


def test_every_icon_that_navigation_and_templates_name_is_drawn() -> None:
    sources = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    named = {name for source in sources for name in re.findall(r'{% icon "([\w-]+)"', source)}
    assert named <= icon_names()


def test_a_clock_says_how_it_stands() -> None:
    with at(now()) as moment:
        stands = [(9, 10, "running"), (9, 80, "running"), (-9, 100, "running"), (9, 0, "paused")]
        clocks = [
            {"due_at": moment + timedelta(hours=h), "share": s, "state": state} for h, s, state in stands
        ]
        tones = [rendered("{{ clock|clock_tone }}", clock=clock) for clock in clocks]
        assert tones == ["running", "soon", "late", "paused"]
        assert rendered("{{ due|clock_words }}", "zh-hans", due=clocks[2]["due_at"]) == "逾期 9 小时"


def test_a_clock_explains_itself_day_by_day() -> None:
    made = rendered('{% component "clock" clock=clocks.0 %}', **samples.values())
    assert "start day not counted" in made
    assert made.count("<li data-counts=") == len(samples.values()["clocks"][0]["steps"])


def test_a_filing_keeps_its_key_when_it_comes_back_refused() -> None:
    assert 'value="abc"' in rendered('{% once_key "abc" %}')
    assert rendered("{% once_key %}") != rendered("{% once_key %}")


def test_a_field_leads_from_its_error_to_its_control() -> None:
    errors = [{"field": "phone", "zh": "应为 11 位", "en": "11 digits"}]
    made = rendered("{% error_summary errors form %}{% for f in form %}{% field f None errors %}{% endfor %}",
                    errors=errors, form=[{"name": "phone", "kind": "phone", "label": "Telephone"}])  # fmt: skip
    assert 'href="#f-phone"' in made
    assert 'id="f-phone"' in made
    assert 'aria-describedby="f-phone-error' in made


def test_forms_on_one_page_keep_their_fields_apart() -> None:
    two = "{% field form.0 None errors %}{% field form.0 None errors under='b' %}"
    form = [{"name": "phone", "kind": "phone", "label": "Telephone"}]
    made = rendered(
        "{% error_summary errors form under='b' %}" + two, errors={"phone": "11 digits"}, form=form
    )
    assert 'href="#f-b-phone"' in made
    assert repeated(made) == []
    assert repeated(made + made) == ["f-b-phone", "f-b-phone-error", "f-phone", "f-phone-error"]


def test_a_field_may_be_given_more_than_it_declares() -> None:
    made = rendered(
        "{% field f name='to' options=units %}", f={"kind": "unit", "label": "To"}, units={"7": "Housing"}
    )
    assert '<input type="radio" name="to" value="7"' in made


# -- the frame -------------------------------------------------------------------------------------------------


def test_one_template_serves_the_page_and_its_fragment() -> None:
    page = response("/desk/")
    fragment = get("/desk/", **{"hx-request": "true"})
    assert page.content.startswith(b"<!doctype html>")
    assert b"<p>inside</p>" in page.content
    assert "<p>inside</p>" in fragment
    assert "<html" not in fragment
    assert "HX-Request" in page["Vary"]


def test_a_boosted_link_and_a_restored_page_get_the_whole() -> None:
    for header in ("hx-boosted", "hx-history-restore-request"):
        assert "<html" in get("/desk/", **{"hx-request": "true", header: "true"})


def test_htmx_may_neither_evaluate_nor_style() -> None:
    config = json.loads(unescape(re.search(r"name=\"htmx-config\" content='(.*?)'", get("/"))[1]))  # type: ignore[index]
    assert (config["allowEval"], config["includeIndicatorStyles"]) == (False, False)


@pytest.mark.parametrize(("language", "other"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_the_other_language_is_one_press_away(language: str, other: str) -> None:
    page = get("/?q=1", language)
    assert f'name="language" value="{other}"' in page
    assert 'name="next" value="/?q=1"' in page


@pytest.fixture
def navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk of three entries."""
    items = (
        shell.NavItem("home", "Home", "desk", "home"),
        shell.NavItem("matters", "Matters", "matters", "list", needs=("staff",), keys="g m"),
        shell.NavItem("roster", "Roster", "lost", "people", needs=("supervisor",)),
    )
    monkeypatch.setattr(shell, "_navigation", {"desk": items})


STAFF = Actor(kind="staff", label="Li Min", reaches=(Reach("clerk", 1),))
SUPERVISOR = Actor(kind="staff", label="Wang", reaches=(Reach("supervisor", 1),))


@pytest.mark.usefixtures("navigation")
@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (None, ["home"]),
        (Actor.resident(), ["home"]),
        (STAFF, ["home", "matters"]),
        (SUPERVISOR, ["home", "matters", "roster"]),
    ],
)
def test_navigation_shows_what_the_actor_may_use(actor: Actor | None, seen: list[str]) -> None:
    assert [item["key"] for item in shell.navigation("desk", actor, "/")] == seen


@pytest.mark.usefixtures("navigation")
def test_the_nearest_entry_is_the_current_one() -> None:
    current = [
        item["key"] for item in shell.navigation("desk", STAFF, "/desk/matters/17/") if item["current"]
    ]
    assert current == ["matters"]


# -- errors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_its_page(status: int, language: str) -> None:
    page = rendered(f'{{% include "onedoor/errors/{status}.html" %}}', language)
    assert str(status) in page
    assert len(re.findall(r"<h1>(.+)</h1>", page)) == 1


def test_a_problem_says_itself_in_the_page() -> None:
    page = response("/lost/", "zh-hans")
    assert page.status_code == 404
    assert NotFound(what="611-20261109-0173").text("zh") in page.content.decode()


def test_a_problem_within_a_page_is_a_fragment() -> None:
    assert "<html" not in get("/lost/", **{"hx-request": "true"})


def test_a_fault_needs_nothing_to_be_said() -> None:
    page = response("/broken/")
    assert page.status_code == 500
    assert b"It is our fault" in page.content


# -- colours ---------------------------------------------------------------------------------------------------

TEXT = 4.5  # WCAG 2.1, 1.4.3
CONTROL = 3.0  # WCAG 2.1, 1.4.11
TONES = ("teal", "door", "ochre", "bamboo", "indigo", "plum")
PAIRS = [
    *[("ink", ground, TEXT) for ground in ("paper", "sheet", "well", "hover", "teal-tint")],
    *[("ink-2", ground, TEXT) for ground in ("paper", "sheet", "well", "hover")],
    *[(tone, ground, TEXT) for tone in TONES for ground in ("paper", "sheet", f"{tone}-tint")],
    *[("ink", f"{tone}-tint", TEXT) for tone in TONES],
    ("teal", "well", TEXT), ("on-teal", "teal", TEXT), ("on-door", "door-fill", TEXT),
    ("on-chrome", "chrome", TEXT), ("on-chrome-2", "chrome", TEXT), ("on-chrome-2", "chrome-2", TEXT),
    ("edge", "paper", CONTROL), ("edge", "sheet", CONTROL), ("paper", "ink", TEXT),
]  # fmt: skip


def palettes() -> dict[str, dict[str, str]]:
    """The colours of both themes, as tokens.css declares them."""
    light, _, dark = (STATIC / "tokens.css").read_text("utf-8").partition("prefers-color-scheme: dark")
    colours = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    return {"light": colours[0], "dark": colours[0] | colours[1]}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_is_told_apart(theme: str) -> None:
    palette = palettes()[theme]
    ratios = {}
    for front, ground, least in PAIRS:
        brighter, darker = sorted((luminance(palette[front]), luminance(palette[ground])), reverse=True)
        ratio = (brighter + 0.05) / (darker + 0.05)
        if ratio < least:
            ratios[f"{front} on {ground}"] = round(ratio, 2)
    assert ratios == {}
