"""What pages of the desk read beyond the queries of the packages below: lists narrowed, counts, who to call."""
