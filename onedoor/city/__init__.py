"""The tree of places, the units that answer there, and the people who hold posts in them.

Beyond the usual rooms: `tree` holds the places in memory; `rows` are city data as files and forms bring them, `plans`
work out what rows would change before `actions` change it; `loaders` read the files; `outlines` judges polygons,
`shapes` makes them small for maps and `grids` cuts land into provisional grids; `provisional` computes grids where
there is no survey, `starting` writes tables to begin with; `roster` answers which village lacks whom; `profiles` holds
examples of cities as data; `middleware` finds the actor of a request, `keys` the account of an API key.
"""
