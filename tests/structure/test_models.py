"""Models, migrations and Django's own checks agree."""

from __future__ import annotations

from django.apps import apps
from django.core.checks import run_checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

OWN = {config.label for config in apps.get_app_configs() if config.name.startswith("onedoor.")}


def test_every_change_of_a_model_has_its_migration() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # names of fields are compared as they stand in the code
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        missing = detector.changes(graph=loader.graph)
    assert {label: [str(one.operations) for one in found] for label, found in missing.items()} == {}


def test_every_package_with_models_has_migrations() -> None:
    with_models = {model._meta.app_label for model in apps.get_models() if model._meta.app_label in OWN}
    assert with_models
    assert with_models - MigrationLoader(None).migrated_apps == set()


def test_each_package_has_one_last_migration() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}


def test_the_start_up_checks_find_nothing() -> None:
    assert [str(message) for message in run_checks()] == []
