"""The map: outlines that are kept, counts for the public that point at nobody, and what staff may see of them."""

from __future__ import annotations

import gzip
import json
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from onedoor.appraisal.rules import Week
from onedoor.board.queries import Question, layers, points
from onedoor.city import tree
from onedoor.city.actions.recording import touch
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.sealing import query_code
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.models import Matter
from tests.support.filings import PHONE, opened
from tests.support.smallcity import SmallCity, small_city

LEAST = 5


@pytest.fixture
def city(db: None) -> SmallCity:
    cache.clear()
    return small_city()


@pytest.fixture
def public(city: SmallCity) -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def staff(city: SmallCity, login: str) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(city.accounts[login])
    return client


def six(city: SmallCity, **more: Any) -> list[Matter]:
    return [opened(city, lon=114.005, lat=35.505, **more) for _ in range(6)]


def last_week(days: int = 0) -> AbstractContextManager[Any]:
    """A moment of the last week that is over, so that the public reads of what came in then."""
    return time.at(Week.of(time.now()).moved(-1).begins + timedelta(days=days, hours=10))


def counts(client: Client, where: str, **asked: str) -> dict[str, int]:
    found: dict[str, int] = client.get(where, asked).json()["of"]
    return found


class TestOutlines:
    """Shapes of places, for everybody."""

    @pytest.mark.parametrize(
        ("name", "many"), [("grid", 16), ("village", 8), ("township", 4), ("county", 2), ("outline", 6)]
    )
    def test_every_level_has_its_places(self, public: Client, name: str, many: int) -> None:
        shapes = public.get(f"/board/shapes/{name}.json").json()["features"]
        assert len(shapes) == many
        assert {shape["geometry"]["type"] for shape in shapes} <= {"Polygon", "MultiPolygon"}
        assert {"code", "name", "level"} == set(shapes[0]["properties"])

    def test_there_are_no_others(self, public: Client) -> None:
        assert public.get("/board/shapes/person.json").status_code == 404

    def test_they_are_packed_and_kept(self, public: Client) -> None:
        where = f"/board/shapes/grid.json?r={tree.tree().revision}"
        packed = public.get(where, headers={"accept-encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert json.loads(gzip.decompress(packed.content)) == public.get(where).json()
        assert "immutable" in packed.headers["Cache-Control"]
        assert "Accept-Encoding" in packed.headers["Vary"]
        again = public.get(where, headers={"if-none-match": packed.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_an_old_revision_is_not_kept_for_good(self, public: Client) -> None:
        assert "immutable" not in public.get("/board/shapes/grid.json?r=999").headers["Cache-Control"]

    def test_they_cost_nothing_the_second_time(self, public: Client, django_assert_num_queries: Any) -> None:
        public.get("/board/shapes/grid.json")
        with django_assert_num_queries(0):
            public.get("/board/shapes/grid.json")

    def test_a_change_of_the_city_makes_them_anew(self, public: Client, city: SmallCity) -> None:
        before = public.get("/board/shapes/grid.json").headers["ETag"]
        city.first_grid.name = "改名网格"
        city.first_grid.save()
        touch()
        tree.forget()
        after = public.get("/board/shapes/grid.json")
        assert after.headers["ETag"] != before
        assert "改名网格" in after.content.decode()


class TestPublic:
    """Counts for everybody."""

    def test_few_are_not_told(self, public: Client, city: SmallCity) -> None:
        with last_week():
            for _ in range(LEAST - 1):
                opened(city)
        assert counts(public, "/board/map/counts.json") == {}
        with last_week():
            opened(city)
        cache.clear()
        assert counts(public, "/board/map/counts.json") == {"419801001": LEAST}

    def test_counts_are_told_in_steps(self, public: Client, city: SmallCity) -> None:
        with last_week():
            six(city)
        assert counts(public, "/board/map/counts.json") == {"419801001": 5}

    def test_what_came_today_moves_no_public_count(self, public: Client, city: SmallCity) -> None:
        with last_week():
            six(city)
        six(city)
        for what in ("received", "open"):
            assert counts(public, "/board/map/counts.json", what=what) == {"419801001": 5}

    def test_open_is_what_was_open_at_the_end_of_the_period(self, public: Client, city: SmallCity) -> None:
        with last_week():
            many = six(city)
        with last_week(days=2):
            for matter in many[:2]:
                matters.join(Actor.system("test"), matter.number, many[5].number)
        assert counts(public, "/board/map/counts.json", what="open") == {}
        for matter in many[:2]:
            matters.separate(Actor.system("test"), matter.number, "另一件事")
        cache.clear()
        assert counts(public, "/board/map/counts.json", what="open") == {"419801001": 5}

    def test_many_who_look_cost_one_count(
        self, public: Client, city: SmallCity, django_assert_num_queries: Any
    ) -> None:
        with last_week():
            six(city)
        counts(public, "/board/map/counts.json")
        with django_assert_num_queries(0):
            counts(public, "/board/map/counts.json")

    def test_confidential_matters_are_not_counted(self, public: Client, city: SmallCity) -> None:
        with last_week():
            many = six(city)
        Matter.objects.filter(pk__in=[matter.pk for matter in many]).update(confidential=True)
        for layer in ("county", "township", "village"):
            assert counts(public, "/board/map/counts.json", layer=layer) == {}

    @pytest.mark.parametrize(
        "asked", [{"layer": "grid"}, {"layer": "x"}, {"what": "overdue"}, {"days": "1"}, {"period": "day"}]
    )
    def test_the_public_asks_no_finer_questions(
        self, public: Client, city: SmallCity, asked: dict[str, str]
    ) -> None:
        with last_week():
            six(city)
        assert counts(public, "/board/map/counts.json", **asked) == {"419801001": 5}

    def test_a_place_says_what_most_of_it_is_about(self, public: Client, city: SmallCity) -> None:
        with last_week():
            six(city)
        page = public.get("/board/map/place/419801001/").content.decode()
        assert "物业服务" in page
        assert "至少 5" in page

    @pytest.mark.parametrize("code", ["419801002", "419801001001", "419801001001001"])
    def test_a_place_with_few_or_of_another_level_says_nothing(
        self, public: Client, city: SmallCity, code: str
    ) -> None:
        with last_week():
            six(city)
        page = public.get(f"/board/map/place/{code}/").content.decode()
        assert "不足 5 件" in page
        assert "物业服务" not in page

    def test_no_matter_and_nobody_is_on_any_public_page(self, public: Client, city: SmallCity) -> None:
        with last_week():
            found = six(city, address="柳园小区3号楼")
        for where in ("/board/map/", "/board/map/counts.json", "/board/map/place/419801001/", "/board/"):
            page = public.get(where).content.decode()
            for secret in (
                found[0].number,
                found[0].title,
                "刘娟",
                PHONE,
                "柳园小区",
                query_code(found[0].number),
            ):
                assert secret not in page
            assert "114.005" not in page

    def test_what_staff_see_is_shut(self, public: Client) -> None:
        for where in ("", "counts.json", "points.json", "place/419801/", "matter/1/"):
            assert public.get(f"/board/work/{where}").status_code == 302

    def test_an_unknown_place_is_not_found(self, public: Client) -> None:
        assert public.get("/board/map/place/9/").status_code == 404


class TestStaff:
    """What a post lets see."""

    @pytest.mark.parametrize("layer", ["county", "township", "village", "grid"])
    def test_every_layer_counts_the_same_matters(self, city: SmallCity, layer: str) -> None:
        six(city)
        found = counts(staff(city, "chenmin"), "/board/work/counts.json", layer=layer)
        assert list(found.values()) == [6]

    def test_each_sees_her_own(self, city: SmallCity) -> None:
        six(city)
        assert counts(staff(city, "farhandler"), "/board/work/counts.json") == {}

    def test_confidential_matters_are_counted_for_those_trusted(self, city: SmallCity) -> None:
        six(city)
        Matter.objects.update(confidential=True)
        assert counts(staff(city, "zhaolei"), "/board/work/counts.json") == {"419801": 6}
        assert counts(staff(city, "zhoutao"), "/board/work/counts.json") == {}

    def test_what_has_no_exact_place_is_said(self, city: SmallCity) -> None:
        Matter.objects.filter(pk=opened(city).pk).update(division=city.divisions["419801"])
        page = staff(city, "chenmin").get("/board/work/", {"layer": "grid"}).content.decode()
        assert "其中 1 件地点还没有细到这一级" in page

    def test_a_place_leads_to_its_lists(self, city: SmallCity) -> None:
        six(city)
        page = staff(city, "chenmin").get("/board/work/place/419801001001001/").content.decode()
        assert "/desk/matters/?place=419801001001001&amp;state=open" in page
        assert "郑洁" in page

    def test_the_list_behind_a_figure_has_as_many(self, city: SmallCity) -> None:
        six(city)
        Matter.objects.filter(pk=opened(city).pk).update(next_due="2020-01-01T00:00+08:00")
        client, asked = staff(city, "chenmin"), {"what": "overdue"}
        assert counts(client, "/board/work/counts.json", **asked) == {"419801": 1}
        listed = client.get("/desk/matters/", {"place": "419801", "state": "overdue"}).content.decode()
        assert listed.count("data-row") >= 1

    def test_points_are_those_she_may_see(self, city: SmallCity) -> None:
        hidden, *rest = six(city)
        Matter.objects.filter(pk=hidden.pk).update(confidential=True)
        shown = staff(city, "zhoutao").get("/board/work/points.json").json()["features"]
        assert len(shown) == len(rest)
        assert len(points(city.actor("zhaolei"), Question())) == len(rest) + 1

    def test_a_point_opens_a_few_lines(self, city: SmallCity) -> None:
        matter = opened(city)
        page = staff(city, "chenmin").get(f"/board/work/matter/{matter.number}/").content.decode()
        assert f"/desk/matters/{matter.number}/" in page
        assert PHONE not in page
        assert staff(city, "farhandler").get(f"/board/work/matter/{matter.number}/").status_code == 404

    def test_a_map_costs_few_statements(self, city: SmallCity, django_assert_max_num_queries: Any) -> None:
        six(city)
        client = staff(city, "chenmin")
        client.get("/board/work/counts.json?layer=grid")
        with django_assert_max_num_queries(6):
            client.get("/board/work/counts.json?layer=grid")

    def test_the_sum_is_that_of_the_policy(self, city: SmallCity) -> None:
        six(city)
        found = counts(staff(city, "wujun"), "/board/work/counts.json", layer="village")
        assert sum(found.values()) == policies.visible(city.actor("wujun")).count()


def test_a_city_of_fewer_levels_has_fewer_layers(city: SmallCity) -> None:
    assert layers() == ("county", "township", "village", "grid")
