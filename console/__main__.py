"""`python -m console` is `huikuan`."""

from console.cli import main

if __name__ == "__main__":
    main()
