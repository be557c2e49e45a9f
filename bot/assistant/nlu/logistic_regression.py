"""Rasa's logistic regression, stored as plain arrays so that a start does not wait for it.

Rasa stores its classifier with skops, which imports all of scikit-learn and walks scipy's functions
before it reads a file: 2.8 s of every start. Three arrays say the same, and load in a millisecond.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier

ARRAYS = "logistic_regression.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LogisticRegression(LogisticRegressionClassifier):  # type: ignore[misc]
    """Trains and predicts exactly as Rasa's own; only the file differs."""

    def persist(self) -> None:
        """Write coefficients (intents x features), intercepts and the intents' names."""
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / ARRAYS,
                coef=self.clf.coef_,
                intercept=self.clf.intercept_,
                intents=np.array(self.clf.classes_, dtype=np.str_),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LogisticRegression:
        """Read the arrays back; a broken model file is an error here, at the start."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            arrays = np.load(folder / ARRAYS, allow_pickle=False)
            component.clf.coef_ = arrays["coef"]
            component.clf.intercept_ = arrays["intercept"]
            component.clf.classes_ = np.array([str(name) for name in arrays["intents"]])
            component.clf.n_features_in_ = component.clf.coef_.shape[1]
        return component
