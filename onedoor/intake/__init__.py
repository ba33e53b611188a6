"""The one door (一扇门): locate, classify, match, route, receive.

`locate` finds the grid of a point, `gazetteer` the place an address names, `classify` what a text is about, `match`
whether it was said before, among the open filings that `held` has in memory, `route` who answers; `effects` lets
procedures route again. `loading` takes in files of messages, `foresight` reads their texts in a second process.
`findings` takes in what visits of registers found.

The door learns: `lessons` says from which matters, `learning` trains a version of what a text is about, `pairing` one
of whether two filings are the same; each is measured on what was held out. `versions` takes or refuses them, and back.

What is getting hot: `heat` says which filings speak of one thing and how hot it is, `hot` keeps the groups up,
`hottest` tells them to whoever may see them, `together` is what a coordinator makes of one: a joint handling, or a
campaign.
"""
