"""`python -m relay`: the same as the `relay` command."""

from relay.launch import main

if __name__ == "__main__":
    main()
