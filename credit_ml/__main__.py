"""``python -m credit_ml``: the command line."""

from credit_ml.cli import main

if __name__ == "__main__":
    main()
