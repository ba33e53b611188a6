"""Indicators (指标): what is measured of a unit or a place, declared as data in packs.

`language` is the shape of `indicators.yaml`, `soundness` what must hold between its parts, `catalogue` reads them;
`compiling` makes SQL of them, `places` knows which place a place lies in, `computing` asks the lake, `wording` says in
words what is counted and what was left out.
"""
