// SPDX-License-Identifier: Apache-2.0
// A distance over time and the line through its logarithm.
#include "analysis/relaxation.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace deltaw {

Relaxation relaxation(const arma::fmat& perturbed, const arma::fmat& clean, const Window& fit,
                      double dt) {
  if (perturbed.n_rows != clean.n_rows || perturbed.n_cols != clean.n_cols) {
    throw Error(Code::E205, "trials with and without a perturbation have unequal shapes",
                {.expected = fmt::format("{} units x {} steps", clean.n_rows, clean.n_cols),
                 .found = fmt::format("{} x {}", perturbed.n_rows, perturbed.n_cols)});
  }
  assert(fit.first < fit.last && fit.last <= clean.n_cols && dt > 0);
  const arma::mat difference = arma::conv_to<arma::mat>::from(perturbed) - clean;
  Relaxation result;
  result.distance = arma::sqrt(arma::sum(arma::square(difference), 0)).t();
  const arma::vec inside = result.distance.rows(fit.first, fit.last - 1);
  const arma::uvec steps = arma::find(inside > 0);
  if (steps.n_elem < 2) return result;
  const arma::vec line =
      arma::polyfit(arma::conv_to<arma::vec>::from(steps), arma::log(inside.elem(steps)).eval(), 1);
  result.time = line[0] == 0 ? std::numeric_limits<double>::infinity() : -dt / line[0];
  return result;
}

}  // namespace deltaw
