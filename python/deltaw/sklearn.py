# SPDX-License-Identifier: Apache-2.0
"""Learning rules as scikit-learn estimators: they go into pipelines and searches like any other.

    from deltaw.sklearn import Classifier, Features
    make_pipeline(Features("sanger", n_components=30), Classifier("delta-rule", ())).fit(X, y)
"""
from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from deltaw import native
from deltaw.rules import Rule
from deltaw.types import Array, Path

__all__ = ["Classifier", "Features"]

PRECISIONS = (np.float64, np.float32)  # the first is what other types become


class _Network(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both have: a network that one rule trains, described by a document."""

    rule: str | Rule
    parameters: Mapping[str, Any] | None
    activation: str
    optimizer: str | Mapping[str, Any]
    learning_rate: float
    batch_size: int
    max_iter: int
    training: Mapping[str, Any] | None
    random_state: Any
    plugins: Iterable[Path | Rule]

    def _checked(self, X: ArrayLike, y: Any = "no_validation", *, reset: bool) -> Any:
        options = {"dtype": PRECISIONS, "order": "C", "reset": reset}
        try:
            from sklearn.utils.validation import validate_data
        except ImportError:  # before 1.6
            return self._validate_data(X, y, **options)
        return validate_data(self, X, y, **options)

    def _document(self, layers: list[dict[str, Any]], init: Any, loss: str, precision: str) -> dict[str, Any]:
        optimizer = {"type": self.optimizer} if isinstance(self.optimizer, str) else dict(self.optimizer)
        arm = {"name": "estimator", "rule": self.rule.id if isinstance(self.rule, Rule) else self.rule,
               "parameters": dict(self.parameters or {})}
        links = [{"from": source["name"], "to": target["name"], "init": init}
                 for source, target in zip(layers, layers[1:])]
        return {"deltaw": 1, "name": "estimator", "rules": [arm],
                "network": {"layers": layers, "connections": links},
                "training": {**(self.training or {}), "epochs": int(self.max_iter), "precision": precision,
                             "batch": int(self.batch_size), "loss": loss},
                "optimizer": {"rate": float(self.learning_rate), **optimizer}}

    def _train(self, document: dict[str, Any], X: Array, labels: Array | None, classes: int) -> None:
        seed = self.random_state
        if not isinstance(seed, (int, np.integer)):
            seed = check_random_state(seed).randint(1, np.iinfo(np.int32).max)
        plugins = [*self.plugins, *([self.rule] if isinstance(self.rule, Rule) else [])]
        trained = native.train(document, X, labels, classes=classes, seed=int(seed), plugins=plugins)
        self.experiment_, self.weights_, self.n_iter_ = document, trained.weights, trained.epochs
        if labels is not None and trained.supervision == "none":
            warnings.warn(f"{self.rule!r} is told nothing of the classes, so that none were learnt: it is a "
                          "rule for Features", UserWarning, stacklevel=3)

    def _activity(self, X: ArrayLike) -> Array:
        check_is_fitted(self)
        samples = self._checked(X, reset=False)
        precision = self.experiment_["training"]["precision"]
        return native.activity(self.experiment_, self.weights_, samples.astype(precision, copy=False))


class Classifier(ClassifierMixin, _Network):  # type: ignore[misc]
    """A feed-forward network that a rule trains, with a softmax output and its cross-entropy.

    rule                id of a rule for static networks, or a function that @deltaw.rule made one
    hidden_layer_sizes  units of each hidden layer
    activation          of hidden units: "relu", "tanh", "sigmoid", ...
    parameters          of the rule: {"mode": "direct"}
    optimizer           "sgd", "adam", ..., or with its keys: {"type": "momentum", "momentum": 0.8}
    learning_rate       of the optimizer
    batch_size          samples an update
    max_iter            passes over the data
    training            more of an experiment's "training": {"exploration": {"deviation": 0.01}}
    random_state        a number is the seed: the weights and orders of a comparison with that seed
    plugins             manifests or libraries of more rules

    X of float32 or float64 in C's order is trained in that precision and not copied; whatever else
    scikit-learn allows becomes float64. After fit(): classes_, weights_ (by connection, outputs x
    inputs), n_iter_, n_features_in_, and experiment_, the document that was trained. What the host refuses
    is a deltaw.Error.
    """

    def __init__(self, rule: str | Rule = "backprop", hidden_layer_sizes: Iterable[int] = (64,), *,
                 activation: str = "relu", parameters: Mapping[str, Any] | None = None,
                 optimizer: str | Mapping[str, Any] = "sgd", learning_rate: float = 0.1,
                 batch_size: int = 32, max_iter: int = 60, training: Mapping[str, Any] | None = None,
                 random_state: Any = None, plugins: Iterable[Path | Rule] = ()):
        self.rule = rule
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.parameters = parameters
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.training = training
        self.random_state = random_state
        self.plugins = plugins

    def fit(self, X: ArrayLike, y: ArrayLike) -> Classifier:
        """Trains on samples x features and their classes, from new weights."""
        samples, named = self._checked(X, y, reset=True)
        check_classification_targets(named)
        self.classes_, labels = np.unique(named, return_inverse=True)
        sizes = [int(units) for units in self.hidden_layer_sizes]
        layers: list[dict[str, Any]] = [{"name": "input", "units": samples.shape[1]}]
        layers += [{"name": f"hidden{k}", "units": units, "activation": self.activation}
                   for k, units in enumerate(sizes, 1)]
        layers += [{"name": "output", "units": len(self.classes_), "activation": "softmax"}]
        document = self._document(layers, "glorot-uniform", "cross-entropy", samples.dtype.name)
        self._train(document, samples, labels.astype(np.uint32), len(self.classes_))
        return self

    def predict_proba(self, X: ArrayLike) -> Array:
        """What the output says of each class, samples x classes, in the order of classes_."""
        return self._activity(X)

    def predict(self, X: ArrayLike) -> Array:
        """The most probable class of each sample."""
        check_is_fitted(self)
        answers: Array = self.classes_[self._activity(X).argmax(axis=1)]
        return answers


class Features(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _Network):  # type: ignore[misc]
    """One layer that learns without a teacher; transform() is its activity.

    rule          id of a rule for static networks that needs no error, target or reward, or such a function
    n_components  its units
    init          of the weights: as in an experiment, or a number, the deviation of a normal distribution

    Everything else is as in Classifier.
    """

    def __init__(self, rule: str | Rule = "sanger", n_components: int = 64, *,
                 activation: str = "relu", parameters: Mapping[str, Any] | None = None,
                 init: float | str | Mapping[str, Any] = "glorot-normal",
                 optimizer: str | Mapping[str, Any] = "sgd", learning_rate: float = 0.01,
                 batch_size: int = 20, max_iter: int = 50, training: Mapping[str, Any] | None = None,
                 random_state: Any = None, plugins: Iterable[Path | Rule] = ()):
        self.rule = rule
        self.n_components = n_components
        self.activation = activation
        self.parameters = parameters
        self.init = init
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.training = training
        self.random_state = random_state
        self.plugins = plugins

    @property
    def _n_features_out(self) -> int:
        return int(self.experiment_["network"]["layers"][-1]["units"])

    def fit(self, X: ArrayLike, y: object = None) -> Features:
        """Trains on samples x features, from new weights."""
        samples = self._checked(X, reset=True)
        layers = [{"name": "input", "units": samples.shape[1]},
                  {"name": "features", "units": int(self.n_components), "activation": self.activation,
                   "bias": False}]
        init = {"type": "normal", "deviation": self.init} if isinstance(self.init, (int, float)) else self.init
        self._train(self._document(layers, init, "none", samples.dtype.name), samples, None, 0)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """The activity of the layer, samples x n_components."""
        return self._activity(X)

    def _more_tags(self) -> dict[str, Any]:  # before 1.6
        return {"preserves_dtype": PRECISIONS}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = [precision.__name__ for precision in PRECISIONS]
        return tags
