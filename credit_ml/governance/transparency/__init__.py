"""Rules of transparency held against each other: what each costs, and which is dominated."""
