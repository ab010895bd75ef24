"""Kinds of action, a module each: it declares KIND, and is found by being here."""
