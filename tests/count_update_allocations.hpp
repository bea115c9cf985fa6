// SPDX-License-Identifier: Apache-2.0
// How many allocations an update of a local rule makes after the first, on random signals.
#pragma once

#include <array>
#include <cmath>
#include <deltaw/testing.hpp>
#include <vector>

#include "count_allocations.hpp"
#include "parameter.hpp"

namespace deltaw::testing {

enum class Rewards { each, one };  // 1 x K or 1 x 1

struct BlockKind {
  Rewards rewards = Rewards::each;
  double dt = 0;
  bool is_sparse = false;  // whether most of the target's signals are zero
};

template <template <class> class Rule, class T>
std::size_t count_update_allocations(const std::vector<deltaw_param>& parameters,
                                     BlockKind kind = {}) {
  constexpr arma::uword outputs = 20, inputs = 30, columns = 16;
  const deltaw_connection_shape connection = {"test", outputs, inputs};
  Setup setup;
  setup.set_parameters(parameters.data(), parameters.size());
  setup.set_shape({sizeof(deltaw_shape), dtype_of<T>(), columns, 1, &connection});
  Rule<T> rule(setup);

  const auto pre = normal<T>(inputs, columns, 1);
  auto post = normal<T>(outputs, columns, 2);
  for (arma::uword k = 0; kind.is_sparse && k < post.n_elem; ++k) {
    if (k % 32 != 0) post[k] = 0;
  }
  const auto reward = normal<T>(1, kind.rewards == Rewards::each ? columns : 1, 3);
  const auto weights = normal<T>(outputs, inputs, 4);
  const deltaw_matrix source = matrix_of(pre), target = matrix_of(post), row = matrix_of(reward),
                      w = matrix_of(weights);
  std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals;
  signals.fill(&target);
  signals[DELTAW_PRE] = &source;
  signals[DELTAW_WEIGHTS] = signals[DELTAW_WEIGHT_PERTURBATION] = &w;
  signals[DELTAW_REWARD] = signals[DELTAW_BASELINE] = &row;
  const deltaw_block block = {sizeof block,
                              DELTAW_SIGNAL_COUNT,
                              0,
                              0,
                              columns,
                              kind.dt,
                              signals.data(),
                              0,
                              0,
                              -INFINITY,
                              INFINITY,
                              1};
  arma::Mat<T> delta(outputs, inputs, arma::fill::zeros);
  return count_allocations([&] { rule.update(Signals<T>(block), delta); });
}

}  // namespace deltaw::testing
