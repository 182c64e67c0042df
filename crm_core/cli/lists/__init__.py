"""Records as lists: which are shown, in what order and columns; and changing all of them at once."""
