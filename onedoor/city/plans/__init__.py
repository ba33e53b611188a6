"""What a set of rows would change, worked out before anything is: which are new, which differ, which are refused."""
