"""The board: the city on a map, its week in figures, its vacant posts and its procedures.

The public sees counts only, and none that is small enough to point at somebody; staff see what their posts let them
see, down to the matter. `layers` makes the map's outlines ready to be sent.

For those who lead: `sheets` shows the weekly sheet and the matters behind its figures, `gaps` the places that lack
somebody. For everybody: `plain` tells procedures in words, `guarded` their conditions, `diagram` draws them.
"""
