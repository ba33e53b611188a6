"""SQLite as Django speaks to it, with each statement put into SQLite's own words once and not at every use."""
