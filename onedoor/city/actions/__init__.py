"""Every change of city data. Each checks, changes and appends its entries in one transaction."""

from onedoor.city.actions.boundaries import GridRow, take_boundaries, take_grids
from onedoor.city.actions.divisions import close_division, merge_divisions, rename_division, take_divisions
from onedoor.city.actions.keys import issue_key, withdraw_key
from onedoor.city.actions.people import (
    add_account,
    end_post,
    give_grant,
    set_active,
    set_language,
    set_password,
    take_posts,
    withdraw_grant,
)
from onedoor.city.actions.profile import load_profile
from onedoor.city.actions.units import close_unit, set_competence, take_units

__all__ = [
    "GridRow",
    "add_account",
    "close_division",
    "close_unit",
    "end_post",
    "give_grant",
    "issue_key",
    "load_profile",
    "merge_divisions",
    "rename_division",
    "set_active",
    "set_competence",
    "set_language",
    "set_password",
    "take_boundaries",
    "take_divisions",
    "take_grids",
    "take_posts",
    "take_units",
    "withdraw_grant",
    "withdraw_key",
]
