"""What surveys reckon with: drawing a sample (`sampling`) and estimating from its answers (`estimates`). Pure."""
