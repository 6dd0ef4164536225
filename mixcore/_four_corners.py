"""The true means of the course's example in the plane, which both studies take by default."""

FOUR_CORNERS = ((0.0, 0.0), (0.0, 3.0), (3.0, 0.0), (3.0, 3.0))
