"""`python -m qa_service` and `qa-service`: the same command line."""

from qa_service.cli import main

if __name__ == "__main__":
    main()
