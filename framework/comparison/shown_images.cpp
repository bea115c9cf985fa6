// SPDX-License-Identifier: Apache-2.0
#include "comparison/shown_images.hpp"

#include <algorithm>

#include "readout/features.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_most_mistakes = 24, k_most_maps = 3;

// Samples answered wrong, the surest first; of equally sure ones the earlier.
template <class T>
arma::uvec mistakes(const arma::Mat<T>& p, const std::vector<std::uint32_t>& labels) {
  std::vector<arma::uword> wrong;
  for (arma::uword k = 0; k < p.n_cols; ++k) {
    if (p.col(k).index_max() != labels[k]) wrong.push_back(k);
  }
  std::ranges::stable_sort(wrong, std::ranges::greater(),
                           [&](arma::uword k) { return p.col(k).max(); });
  wrong.resize(std::min(wrong.size(), k_most_mistakes));
  return wrong;
}

template <class T>
void add_mistakes(const Network<T>& network, const Partition<T>& test, RunOutcome& outcome) {
  const std::size_t output = network.graph().output;
  if (!network.activation(output).is_softmax()) return;
  const arma::Mat<T> p = features_of<T>(network, output, test.inputs);
  const arma::uvec wrong = mistakes(p, test.labels);
  arma::mat answers(4, wrong.n_elem);
  for (arma::uword i = 0; i < wrong.n_elem; ++i) {
    const arma::uword k = wrong[i];
    answers.col(i) = {static_cast<double>(k), static_cast<double>(test.labels[k]),
                      static_cast<double>(p.col(k).index_max()),
                      static_cast<double>(p.col(k).max())};
  }
  outcome.arrays.emplace_back("mistakes/images", to_npy<T>(test.inputs.cols(wrong)));
  outcome.arrays.emplace_back("mistakes/answers", to_npy<double>(answers));
}

template <class T>
void add_maps(const Network<T>& network, const Partition<T>& test, RunOutcome& outcome) {
  const auto& connections = network.graph().connections;
  const auto is_convolution = [](const Graph::Connection& c) {
    return c.way == Graph::Way::convolution;
  };
  const auto first = std::ranges::find_if(connections, is_convolution);
  if (first == connections.end()) return;
  std::vector<arma::uword> chosen;
  for (std::uint32_t label = 0; label < k_most_maps; ++label) {
    const auto found = std::ranges::find(test.labels, label);
    if (found != test.labels.end()) {
      chosen.push_back(static_cast<arma::uword>(found - test.labels.begin()));
    }
  }
  const arma::Mat<T> images = test.inputs.cols(arma::uvec(chosen));
  const auto [height, width, filters] = network.graph().layers[first->target].image;
  outcome.arrays.emplace_back("maps/images", to_npy<T>(images));
  outcome.arrays.emplace_back("maps/activity",
                              to_npy<T>(features_of<T>(network, first->target, images)));
  outcome.arrays.emplace_back(
      "maps/shape", NpyMatrix{3, 1,
                              std::vector<std::int64_t>{static_cast<std::int64_t>(height),
                                                        static_cast<std::int64_t>(width),
                                                        static_cast<std::int64_t>(filters)}});
}

}  // namespace

template <class T>
void show_images(const Network<T>& network, const Partition<T>& test, RunOutcome& outcome) {
  add_mistakes(network, test, outcome);
  add_maps(network, test, outcome);
}

template void show_images(const Network<float>&, const Partition<float>&, RunOutcome&);
template void show_images(const Network<double>&, const Partition<double>&, RunOutcome&);

}  // namespace deltaw
