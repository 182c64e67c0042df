"""Where people come in from: files and archives, formats and columns; what is said of each entry."""
