"""Pages of the portal, one module for each thing that a resident does."""
