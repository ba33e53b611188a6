"""What pages of the portal read beyond the queries of the packages below: a matter as its resident may read it,
matters nearby as a stranger may, and who answers for a grid."""
