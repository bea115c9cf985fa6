// SPDX-License-Identifier: Apache-2.0
#include "comparison/shown_images.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

using namespace deltaw;
using doctest::Approx;

namespace {

using Arrays = std::map<std::string, NpyMatrix>;

template <class T>
Arrays shown(const Network<T>& network, const Partition<T>& test) {
  RunOutcome outcome;
  show_images(network, test, outcome);
  return Arrays(outcome.arrays.begin(), outcome.arrays.end());
}

template <class T>
void set_weights(Network<T>& network, const std::string& name, const arma::Mat<T>& weights) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    if (network.graph().connections[c].name == name) network.weights(c) = weights;
  }
}

// Answers the largest of its three inputs.
Network<double> largest_of_three(const std::string& output) {
  NetworkSpec spec;
  spec.layers = {{.name = "input", .units = 3},
                 {.name = "output", .units = 3, .activation = {.type = output}, .bias = false}};
  spec.connections = {{.from = "input", .to = "output", .name = "w"}};
  Network<double> network(make_graph(spec));
  set_weights<double>(network, "w", arma::mat(3, 3, arma::fill::eye));
  return network;
}

}  // namespace

TEST_CASE("mistakes are the wrong answers, the surest first") {
  Partition<double> test;
  test.inputs = {{0, 3, 0, 1}, {2, 0, 0, 0}, {0, 0, 5, 4}};
  test.labels = {0, 0, 1, 0};  // answers 1, 0, 2, 2: the second is right
  const Arrays arrays = shown(largest_of_three("softmax"), test);
  const NpyMatrix& answers = arrays.at("mistakes/answers");
  REQUIRE(answers.columns == 3);
  const double expected[3][3] = {{2, 1, 2}, {3, 0, 2}, {0, 0, 1}};  // place, class, answer
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t row = 0; row < 3; ++row) CHECK(answers.at(row, i) == expected[i][row]);
  }
  CHECK(answers.at(3, 0) == Approx(std::exp(5) / (std::exp(5) + 2)));
  CHECK(answers.at(3, 2) == Approx(std::exp(2) / (std::exp(2) + 2)));
  CHECK(arrays.at("mistakes/images").at(2, 0) == 5);
  CHECK(arrays.at("mistakes/images").at(1, 2) == 2);
  CHECK(arrays.count("maps/activity") == 0);
}

TEST_CASE("of many mistakes 24 are kept, and where no output is a probability none") {
  Partition<double> test;
  test.inputs.zeros(3, 40);
  test.labels.assign(40, 1);
  for (arma::uword k = 0; k < 40; ++k) test.inputs(0, k) = static_cast<double>(k % 10);
  const NpyMatrix answers = shown(largest_of_three("softmax"), test).at("mistakes/answers");
  REQUIRE(answers.columns == 24);
  CHECK(answers.at(0, 0) == 9);
  CHECK(answers.at(0, 1) == 19);  // of equally sure ones the earlier
  CHECK(shown(largest_of_three("linear"), test).empty());
}

TEST_CASE("maps are the activity of the first convolution for the first of each class") {
  LayerSpec input{.name = "input"};
  input.image = {2, 2, 1};
  LayerSpec convolution{.name = "conv", .bias = false};
  convolution.type = "conv2d";
  convolution.side = 1;
  convolution.filters = 2;
  LayerSpec flat{.name = "flat", .bias = false};
  flat.type = "flatten";
  NetworkSpec spec;
  spec.layers = {input, convolution, flat, {.name = "output", .units = 3, .bias = false}};
  spec.connections = {{.from = "input", .to = "conv", .name = "filters"},
                      {.from = "conv", .to = "flat"},
                      {.from = "flat", .to = "output"}};
  Network<float> network(make_graph(spec));
  set_weights<float>(network, "filters", arma::fvec{1, -2});
  Partition<float> test;
  test.inputs = {{1, 5, 9, 0}, {2, 6, 9, 0}, {3, 7, 9, 0}, {4, 8, 9, 0}};
  test.labels = {1, 0, 1, 0};  // none of class 2
  const Arrays arrays = shown(network, test);
  const NpyMatrix& activity = arrays.at("maps/activity");
  REQUIRE(activity.columns == 2);
  for (std::size_t pixel = 0; pixel < 4; ++pixel) {
    const double of_class_0 = 5 + static_cast<double>(pixel), of_class_1 = of_class_0 - 4;
    CHECK(arrays.at("maps/images").at(pixel, 0) == of_class_0);
    CHECK(activity.at(2 * pixel, 0) == of_class_0);
    CHECK(activity.at(2 * pixel + 1, 0) == -2 * of_class_0);
    CHECK(activity.at(2 * pixel, 1) == of_class_1);
  }
  const NpyMatrix& shape = arrays.at("maps/shape");
  CHECK(std::vector<double>{shape.at(0, 0), shape.at(1, 0), shape.at(2, 0)} ==
        std::vector<double>{2, 2, 2});
}
