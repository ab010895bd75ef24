"""Why a score is what it is: attributions by factor and column, reasons for one person."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
