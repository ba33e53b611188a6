"""Files of city data come in: which columns they have, what of them is taken, what is refused and why.

Every loader works alike. `columns` knows the names that such files use; `reading` opens a table or GeoJSON and says
what was not understood; the rows go to the action that pages and calls use as well; what is refused is written to a
file that can be mended and loaded again. Loading a file twice changes nothing the second time.
"""

from onedoor.city.loaders.maps import load_boundaries, load_grids
from onedoor.city.loaders.profiles import load_city
from onedoor.city.loaders.reading import Loaded, Options
from onedoor.city.loaders.sheets import load_divisions, load_roster, load_units

__all__ = [
    "Loaded",
    "Options",
    "load_boundaries",
    "load_city",
    "load_divisions",
    "load_grids",
    "load_roster",
    "load_units",
]
