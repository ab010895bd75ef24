"""Tables of people: a user's columns made into features, outcomes and sensitive features."""
