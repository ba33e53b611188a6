"""A synthetic city that lives. What it does goes through the actions that everybody calls.

`cities` holds the shape files; `shape` reads one, `growing` makes the land and its tree, `names` invents what things
are called, `staffing` fills units and posts, and `geography` hands all of it out. `language` is what residents say.
"""
