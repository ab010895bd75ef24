"""A wind tunnel for citizen scoring.

Make a society whose causes are known, let raters score it, and measure who is harmed, through
which proxy, and what telling people the rules would change; then turn the same instruments on
real data. Names load on first use, so that importing the package costs next to nothing.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
