// SPDX-License-Identifier: Apache-2.0
#include "readout/labels.hpp"

#include <doctest/doctest.h>

#include "error_of.hpp"

using namespace deltaw;

namespace {

using Answers = std::vector<std::uint32_t>;

template <class T>
Answers labels_of(const arma::Mat<T>& activity, const Answers& labels, std::size_t classes) {
  UnitLabels<T> units(activity.n_rows, classes);
  units.add(activity, labels.data());
  return units.labels();
}

}  // namespace

TEST_CASE_TEMPLATE("a unit stands for the class of its largest mean response", T, float, double) {
  // Samples of classes 0 0 0 1: the sums would say 0 of unit 0, the means say 1. Unit 2 responds
  // least strongly below zero to class 0. Unit 3 has equal means. Units 4 and 5 tell nothing.
  const arma::Mat<T> activity = {{2, 2, 2, 5}, {4, 0, 0, 1}, {-1, -1, -1, -2},
                                 {0, 3, 0, 1}, {0, 0, 0, 0}, {7, 7, 7, 7}};
  CHECK(labels_of(activity, {0, 0, 0, 1}, 2) == Answers{1, 0, 0, 0, k_no_class, k_no_class});
}

TEST_CASE("labels do not depend on how samples come in blocks") {
  const arma::mat activity = {{1, 0, 4, 0}, {0, 2, 0, 1}};
  const Answers labels = {0, 1, 0, 1};
  UnitLabels<double> units(2, 2);
  units.add(activity.cols(0, 0), labels.data());
  units.add(activity.cols(1, 3), labels.data() + 1);
  CHECK(units.labels() == labels_of(activity, labels, 2));
  CHECK(units.labels() == Answers{0, 1});
}

TEST_CASE("one vote follows the most active unit, several the majority") {
  const Answers classes = {2, 0, 0, 1, k_no_class};
  const arma::mat activity = {{9, 1}, {5, 1}, {6, 2}, {1, 8}, {99, 99}};
  CHECK(vote(activity, classes, 3, 1) == Answers{2, 1});
  CHECK(vote(activity, classes, 3, 3) == Answers{0, 1});
  CHECK(vote(activity, classes, 3, 5) == Answers{0, 0});
}

TEST_CASE("a population answers by the mean activity of the units of each class") {
  // Class 0 has two units, class 1 three, class 2 none; the last unit stands for none.
  const Answers classes = {0, 0, 1, 1, 1, k_no_class};
  const arma::mat activity = {{2, 1, 1, 0}, {2, 0, 1, 0}, {3, 1, 1, 0},
                              {0, 1, 1, 0}, {2, 1, 1, 0}, {9, 9, 9, 9}};
  // Means 2 and 5/3; 1/2 and 1; 1 and 1, of which the lower class; silence.
  CHECK(vote(activity, classes, 3, std::nullopt) == Answers{0, 1, 0, k_no_class});
}

TEST_CASE("equal votes go to the larger summed activity, then to the lower class") {
  const Answers classes = {1, 1, 0, 0};
  const arma::mat larger = arma::vec{3, 3, 5, 0.5}, equal = arma::vec{3, 3, 4, 2};
  CHECK(vote(larger, classes, 2, 4) == Answers{1});
  CHECK(vote(equal, classes, 2, 4) == Answers{0});
}

TEST_CASE("silent units do not vote, and where all are silent there is no answer") {
  const Answers classes = {1, 0, 0};
  const arma::mat activity = {{2, 0}, {0, 0}, {0, 0}};
  CHECK(vote(activity, classes, 2, 3) == Answers{1, k_no_class});
  CHECK(accuracy_of(Answers{1, k_no_class}, Answers{1, 0}) == 0.5);
}

TEST_CASE("a label readout learns from its training part and refuses classes without samples") {
  const auto readout = make_readout<double>({.type = "labels"}, 2, 2);
  const arma::mat activity = {{1, 0, 3}, {0, 1, 0}};
  const Answers labels = {1, 0, 1};
  REQUIRE(readout->learn(activity, labels, 1, {}, {}));
  CHECK(readout->predict(activity) == labels);
  CHECK(readout->course().empty());
  const Answers lacking = {1, 1, 1};
  const auto other = make_readout<double>({.type = "labels"}, 2, 2);
  CHECK(error_of([&] { static_cast<void>(other->learn(activity, lacking, 1, {}, {})); }).code() ==
        Code::E404);
}
