"""How a drawing made for a wide page is fitted to a narrow one."""
