"""The board: the city on a map, its week in figures, its vacant posts and its procedures.

The public sees counts only, about periods that are over and in steps, none small enough, alone or by subtraction, to
point at somebody (`rules`); staff see what their posts let them see, down to the matter. `layers` makes the map's
outlines ready to be sent.

For those who lead: `sheets` shows the weekly sheet and the matters behind its figures, `gaps` the places that lack
somebody; `scores` shows frozen scores to them, and to a unit its own; `objecting` what it
objects to; `warned` shows early warnings, `doubts` the integrity report. For everybody: `plain` tells procedures in
words, `guarded` their conditions, `diagram` draws them.
"""
