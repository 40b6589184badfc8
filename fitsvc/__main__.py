"""`python -m fitsvc` is the `fitsvc` command."""

from fitsvc.cli import main

if __name__ == "__main__":
    main()
