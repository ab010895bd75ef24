"""One study at many settings: what is varied, what is found there, and which assumption matters."""
