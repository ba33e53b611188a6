"""The city: places, units, posts, categories, and who answers where.

`tree` holds the places in memory, `grids` draws provisional ones where nothing was surveyed.
"""
