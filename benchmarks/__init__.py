"""What the house promises to be fast at, measured. Each module prints its medians, and JSON with --json."""
