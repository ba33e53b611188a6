"""The desk: what staff use. Dense, keyboard first, and every page works without JavaScript.

`views` are split by what one is doing; `queries` reads what pages show beyond the queries of the packages below;
`shown` turns what was found into what components take; `forms` are the desk's own forms. No rule of the city stands
here: a page calls an action or a query, and says what came of it.
"""
