from runbooks.admin import actions, books, hosts, runs

__all__ = ["actions", "books", "hosts", "runs"]
