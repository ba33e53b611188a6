"""The tree of places, the units that answer there, and the posts that people hold in them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from onedoor.kernel.models import Logged


class Profile(Logged):
    """What makes this city differ from another, as one validated document (`rules.CityProfile`)."""

    key = models.CharField(max_length=40, unique=True)
    data = models.JSONField()
    revision = models.PositiveIntegerField(default=1)  # grows with every change of city data; caches watch it

    def __str__(self) -> str:
        return self.key


class Division(Logged):
    """区划、网格: one node of the tree of places, with the days on which it stood."""

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=20)  # a level key of the city's profile
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=40, blank=True)  # urban, rural, exclusive 专属, statistical only …
    households = models.PositiveIntegerField(null=True)
    alt_codes = models.JSONField(default=dict, blank=True)  # other systems' codes, by system
    provisional = models.BooleanField(default=False)  # generated, not surveyed
    former_names = models.JSONField(default=list, blank=True)  # [[name, the first day it no longer held], …]
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day on which it no longer stands
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="division_once")]
        indexes: ClassVar = [models.Index(fields=["level", "code"], name="division_level")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class DivisionClosure(models.Model):
    """Every pair of a node and one of its descendants, itself included: 'reaches the subtree' is one join."""

    ancestor = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="closure_once")
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} ⊇ {self.descendant_id}"


class Boundary(models.Model):
    """The polygon of a division in WGS84, with the days on which it held and the datum it came in."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="boundaries")
    wkb = models.BinaryField()
    source = models.CharField(max_length=120, blank=True)
    source_datum = models.CharField(max_length=12)
    provisional = models.BooleanField(default=False)  # computed, not surveyed
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "valid_from"], name="boundary_once"),
        ]

    def __str__(self) -> str:
        return f"boundary of {self.division_id}"


class Unit(Logged):
    """单位: a department, centre, mediation room, station or desk that answers in a jurisdiction."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, db_index=True)  # a key of unit_kinds.yaml
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    phone = models.CharField(max_length=40, blank=True)  # the unit's public line
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> dict[str, str]:
        """Its name in both languages, as pages take it."""
        return {"zh": self.name, "en": self.name_en or self.name}


class Category(Logged):
    """事项分类: what a matter is about; fixes procedure, competence, time limits, confidentiality."""

    code = models.CharField(max_length=60, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    title = models.JSONField()  # {zh, en}
    about = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    procedure = models.CharField(max_length=40, blank=True)
    competent = models.JSONField(default=list)  # unit kinds, the leading one first
    limits = models.JSONField(default=dict)  # clock → {span, source, sure}
    confidential = models.BooleanField(default=False)
    pack = models.CharField(max_length=40)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.code


class Competence(models.Model):
    """A unit answers for a category although its kind does not say so, or does not although it does."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="competences")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    answers = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "category"], name="competence_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {'answers' if self.answers else 'does not answer'} for {self.category_id}"


class AccountManager(BaseUserManager["Account"]):
    """Accounts are looked up by login, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account that signs in with a login. Raises DoesNotExist."""
        return self.get(login__iexact=username)


class Account(AbstractBaseUser, Logged):
    """Somebody who signs in. What she may do comes from her posts and grants alone."""

    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: an account's place in a unit, on a node of the tree, from one day to another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, db_index=True)  # a key of roles.yaml
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="posts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "unit", "role", "division", "valid_from"], name="post_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} @ {self.unit_id}"


class Grant(models.Model):
    """授权: a role on a node of the tree beyond what the posts give; it reaches the node's subtree."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} on {self.division_id}"


class ApiKey(models.Model):
    """A key with which another system acts as an account. Only its hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    title = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title
