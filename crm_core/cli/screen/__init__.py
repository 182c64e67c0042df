"""What a command is seen as: text in cells, tables, bars; the one place that prints."""
