"""How the packages of OneDoor are put together into one running site."""
