"""How findings are put into words and tables: number formats, names, facts, phrases, blocks."""
