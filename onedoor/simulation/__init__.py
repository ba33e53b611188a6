"""A synthetic city that lives. What it does goes through the actions that everybody calls.

`cities` holds the shape files; `shape` reads one, `growing` makes the land and its tree, `names` invents what things
are called, `staffing` fills units and posts, and `geography` hands all of it out. `language` is what residents say.

`demo` builds the city and lets it live; `life` is the queue of what people do next (`habits.yaml`), `brought` what
packs bring to it (`life.yaml`), `filing` what residents bring to the door, `opened` what units open themselves,
`standing` what is registered and visited, `voices` the grammar of their tellings, `stories` what many tell of across
townships, `wording` what is written into forms, `cast` who does it, `schooling` what the door learns by night,
`surveying` how its surveys are answered.
"""
