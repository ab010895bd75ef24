"""Rules of law that a score can be held against, and the exhibits that they ask for."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
