"""How records become a number: scorers, scales, and one way to ask any model."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
