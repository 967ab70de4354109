"""Language models, behind one small interface. One file a provider, imported only when it is used."""

from agents.models.model import Completion, Model, Request, read_model

__all__ = ["Completion", "Model", "Request", "read_model"]
