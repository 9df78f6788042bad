"""The format of fiscal documents (ФФД): the law as data, documents as values."""

from chekhov.ffd.versions import DocumentCode, FfdVersion

__all__ = ["DocumentCode", "FfdVersion"]
