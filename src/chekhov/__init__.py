"""Chekhov: software of an operator of Russian online cash registers (54-ФЗ)."""

__version__ = "0.1.0"
