"""Indicators (指标): what is measured of a unit or a place, declared as data in packs.

`language` is the shape of `indicators.yaml`, `soundness` what must hold between its parts, `catalogue` reads them.
"""
