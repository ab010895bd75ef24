"""A question as a file, run, tracked and reported.

Names load on first use: the command line reads `TableAudit` before anything heavy is needed.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
