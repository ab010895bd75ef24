"""Rounds: obligations, records, lists and what they do to the lives that follow."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
