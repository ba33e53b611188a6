"""Pages and addresses of the board."""

from onedoor.board.views.figures import figures
from onedoor.board.views.public import public_counts, public_map, public_place
from onedoor.board.views.shapes import shapes
from onedoor.board.views.work import work_counts, work_map, work_matter, work_place, work_points

__all__ = [
    "figures", "public_counts", "public_map", "public_place", "shapes", "work_counts", "work_map", "work_matter",
    "work_place", "work_points",
]  # fmt: skip
