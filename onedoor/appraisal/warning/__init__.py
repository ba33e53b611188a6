"""Early warning on places and subjects, never on persons.

`series` reads daily counts out of the lake, `forecast` says what was to be expected and within what interval, `scan`
finds clusters in space and time, `alerts` puts both together with the matters behind each and what might be done;
`kept` holds what was found on a day, `places` knows where places lie.
"""
