"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.simulation"
    label = "simulation"
    verbose_name = "Simulation · 仿真"
