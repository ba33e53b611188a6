"""Triage that learns (智能分诊): what a text is about, whether it was said before, what is getting hot. Pure models.

No Django and no database: `intake` feeds these models from the city's own matters and keeps their versions. Nothing
here ever sees who the resident is.

`classify` says what a text is about: `text` and `features` make a row of numbers of it, `tree` with `lexicon` is what a
city's categories say before the first example, `calibrate` makes shares of both, `why` finds the words that decided,
`stored` keeps it all as bytes, `trial` measures it.

`near` ranks the earlier requests that a new one may repeat, by place, time and words. `replies` is the checklist of an
answer, and `agreement` says how far a check agrees with people's labels.

`pairs` says how probable it is that two filings are one matter, and why; `candidates` finds those worth comparing
among a hundred thousand in memory. Both read texts by `grams` and by the places, firms and roads that `names` finds.

`same` and `context` judge a whole body of messages at once, each pair first by itself and then among its neighbours;
`corpus` holds the messages against one another, `trial_same` measures it all on groups that are known.
"""
