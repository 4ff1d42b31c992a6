"""The same question put to other tools. What each leaves out stands in its own file and in the table's notes."""
