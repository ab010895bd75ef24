"""Forms of exhibits: a module each, with its words beside it."""
