"""One module a consequence; what each calls `CONSEQUENCE` is found by this folder alone."""
