# SPDX-License-Identifier: Apache-2.0
"""The estimators: scikit-learn's own checks, all of them, and what they learn. Usage: sklearn_test.py
TREE DELTAW"""
import os
import pickle
import tempfile
import unittest
import warnings
from unittest import mock

import tree

tree.need(("sklearn", "python3-sklearn"))
tree.need_host()

import deltaw
import numpy as np
from deltaw import native
from deltaw.sklearn import Classifier, Features
from digits import LABELS, experiment, inputs
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

TRAIN, TEST, Y_TRAIN, Y_TEST = train_test_split(inputs(), LABELS, test_size=0.3, random_state=0)


@deltaw.rule(signals=["pre", "error"], locality="neuron")
def delta(s, scale=1.0):
    return scale * s.error @ s.pre.T / s.columns


class Estimators(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        os.environ.update({"DELTAW": str(tree.PROGRAM), "HOME": temporary.name})

    def failures(self, estimator):
        """By the name of each of scikit-learn's checks that does not pass."""
        failed = {}
        for one, check in check_estimator(estimator, generate_only=True):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # what checks provoke
                    check(one)
            except unittest.SkipTest:
                pass
            except Exception as error:
                failed[check.func.__name__] = error
        return failed

    def test_classifiers_pass_every_check(self):
        for classifier in (Classifier(), Classifier("feedback-alignment"), Classifier("delta-rule", ()),
                           Classifier("node-perturbation", training={"exploration": {"deviation": 0.01}},
                                      learning_rate=0.05, max_iter=200)):
            self.assertEqual(self.failures(classifier), {}, classifier)

    def test_features_pass_every_check(self):
        for features in (Features(), Features("soft-hebb"), Features("hebbian", learning_rate=1e-4),
                         Features("bcm", optimizer="adam", learning_rate=0.005)):
            self.assertEqual(self.failures(features), {}, features)

    def test_a_rule_that_compares_two_units_fails_the_checks_of_one_alone(self):
        failed = self.failures(Features("krotov-hopfield", init=1.0, learning_rate=0.02))
        self.assertEqual(set(failed), {
            "check_methods_sample_order_invariance", "check_methods_subset_invariance",
            "check_fit2d_1sample", "check_fit2d_1feature", "check_dict_unchanged",
            "check_dont_overwrite_parameters", "check_fit2d_predict1d"})
        for error in failed.values():
            self.assertIn("k is 2, but 'input>features' leads to a layer of 1 units", str(error))

    def test_digits_are_learnt_and_a_number_is_the_seed_of_a_comparison(self):
        def noise(**what):
            return {"training": {"exploration": what}}
        for rule, rate, least, options in (
                ("backprop", 0.2, 0.95, {}), ("feedback-alignment", 0.2, 0.9, {}),
                ("feedback-alignment", 0.2, 0.9, {"parameters": {"mode": "direct"}}),
                ("sign-symmetry", 0.2, 0.9, {}), ("predictive-coding", 0.2, 0.9, {}),
                ("node-perturbation", 0.02, 0.8, noise(deviation=0.01)),
                ("weight-perturbation", 0.003, 0.6, noise(weight_deviation=0.001)),
                ("delta-rule", 0.5, 0.9, {"hidden_layer_sizes": ()}),
                ("backprop", 0.01, 0.95, {"optimizer": "adam"})):
            classifier = Classifier(rule, random_state=1, learning_rate=rate, **options)
            self.assertGreater(classifier.fit(TRAIN, Y_TRAIN).score(TEST, Y_TEST), least, classifier)
        self.assertEqual(classifier.predict_proba(TEST).dtype, np.float32)
        ours = Classifier(hidden_layer_sizes=(12,), learning_rate=0.2, max_iter=2, random_state=5)
        theirs = native.train(experiment(), inputs(), LABELS, classes=10, seed=5).weights
        weights = ours.fit(inputs(), LABELS).weights_
        for name, values in theirs.items():
            np.testing.assert_array_equal(weights[name], values)

    def test_sanger_s_units_are_the_principal_components(self):
        x = inputs("float64") - inputs("float64").mean(axis=0)
        features = Features(n_components=5, activation="linear", learning_rate=0.02, max_iter=200,
                            random_state=1).fit(x)
        theirs = PCA(5).fit(x)
        ours = features.weights_["input>features"]
        cosines = np.abs((ours * theirs.components_).sum(axis=1)) / np.linalg.norm(ours, axis=1)
        self.assertGreater(cosines.min(), 0.98)
        np.testing.assert_allclose(features.transform(x), x @ ours.T, rtol=0, atol=1e-12)
        self.assertEqual(list(features.get_feature_names_out())[:2], ["features0", "features1"])

    def test_pipelines_searches_and_pickles(self):
        pipeline = make_pipeline(Features("krotov-hopfield", n_components=64, init=1.0, learning_rate=0.02,
                                          random_state=1), StandardScaler(), LogisticRegression(max_iter=500))
        self.assertGreater(pipeline.fit(TRAIN, Y_TRAIN).score(TEST, Y_TEST), 0.92)
        search = GridSearchCV(Classifier("delta-rule", (), max_iter=5, random_state=1),
                              {"learning_rate": [1e-6, 0.5]}, cv=2, n_jobs=2).fit(TRAIN, Y_TRAIN)
        self.assertEqual(search.best_params_, {"learning_rate": 0.5})
        again = pickle.loads(pickle.dumps(search.best_estimator_))
        np.testing.assert_array_equal(again.predict_proba(TEST), search.predict_proba(TEST))

    def test_classes_keep_their_names_and_arrays_that_fit_are_not_copied(self):
        names = np.array(["zero", "one", "two"])
        some = np.flatnonzero(LABELS < 3)
        x = np.ascontiguousarray(inputs()[some])
        with mock.patch.object(native, "train", wraps=native.train) as train:
            classifier = Classifier(random_state=1).fit(x, names[LABELS[some]])
        self.assertTrue(np.shares_memory(train.call_args.args[1], x))
        self.assertEqual(list(classifier.classes_), ["one", "two", "zero"])
        self.assertGreater(classifier.score(x, names[LABELS[some]]), 0.98)

    def test_a_python_function_is_a_rule_of_an_estimator(self):
        options = {"hidden_layer_sizes": (), "max_iter": 2, "random_state": 1}
        x = inputs("float64")
        theirs = Classifier("delta-rule", **options).fit(x, LABELS)
        ours = Classifier(delta, parameters={"scale": 2.0}, learning_rate=0.05, **options).fit(x, LABELS)
        np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), rtol=0, atol=1e-9)

    def test_a_rule_that_is_told_nothing_of_classes_is_a_warning(self):
        with self.assertWarnsRegex(UserWarning, "'sanger' is told nothing of the classes"):
            Classifier("sanger", max_iter=1).fit(TRAIN, Y_TRAIN)

    def test_what_the_host_refuses_is_an_error_of_the_package(self):
        for estimator, code in ((Classifier("bakprop"), "E101"), (Features("backprop"), "E206"),
                                (Classifier(parameters={"x": 1}), "E201"), (Classifier("stdp"), "E204"),
                                (Classifier(optimizer="sgdd"), "E503"), (Classifier(max_iter=0), "E503"),
                                (Classifier(learning_rate=1e30), "E304")):
            with self.assertRaises(deltaw.Error) as caught:
                estimator.fit(TRAIN, Y_TRAIN)
            self.assertEqual(caught.exception.code, code, estimator)


if __name__ == "__main__":
    unittest.main(argv=tree.sys.argv[:1])
