"""The calls, by whom they are for; each is one action or one read, behind a named gate."""
