"""What tests stand on: the databases, the browser, and the rule that nothing is skipped in CI."""
