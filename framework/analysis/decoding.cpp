// SPDX-License-Identifier: Apache-2.0
// All trials are normalised once; a correlation is then an inner product with a normalised
// template, and those of all train times, levels, trials and test times one matrix product.
#include "analysis/decoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

// Columns less their mean, of length 1; of length 0 when they do not vary.
void normalise_columns(arma::fmat& matrix) {
  for (arma::uword c = 0; c < matrix.n_cols; ++c) {
    auto column = matrix.col(c);
    const float largest = arma::abs(column).max();
    column -= arma::mean(column);
    const float length = arma::norm(column);
    const float rounding = 1e-6f * largest * std::sqrt(static_cast<float>(matrix.n_rows));
    if (length > rounding) {
      column /= length;
    } else {
      column.zeros();
    }
  }
}

std::vector<arma::fmat> sampled(const Recording& recording, const std::vector<std::size_t>& steps) {
  const arma::uvec columns = arma::conv_to<arma::uvec>::from(steps);
  std::vector<arma::fmat> samples;
  for (const arma::fmat& activity : recording.activity) samples.push_back(activity.cols(columns));
  return samples;
}

std::size_t level_count(const Levels& label) {
  const std::set<std::uint32_t> levels(label.begin(), label.end());
  if (levels.size() >= 2 && *levels.rbegin() == levels.size() - 1) return levels.size();
  throw Error(Code::E403, "a label to decode needs two levels or more, counted from 0",
              {.found = fmt::format("levels {}", fmt::join(levels, ", "))});
}

struct Halves {
  std::vector<std::size_t> train, test;
};

Halves split(const std::vector<std::vector<std::size_t>>& by_kind, std::uint64_t index) {
  Random random(0, "decoding split", index);
  Halves halves;
  for (const std::vector<std::size_t>& trials : by_kind) {
    const std::vector<std::size_t> order = random.permutation(trials.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      (k < trials.size() / 2 ? halves.train : halves.test).push_back(trials[order[k]]);
    }
  }
  return halves;
}

}  // namespace

Decoding decode(const Recording& recording, const Levels& label, const DecodingSpec& spec) {
  assert(spec.stride > 0 && spec.splits > 0);
  const std::size_t levels = level_count(label);
  const auto by_kind = trials_by_kind(recording, label.size(), 2);
  Decoding result;
  for (std::size_t step = 0; step < recording.activity.front().n_cols; step += spec.stride) {
    result.steps.push_back(step);
  }
  const std::size_t units = recording.activity.front().n_rows, times = result.steps.size();
  const std::vector<arma::fmat> raw = sampled(recording, result.steps);
  std::vector<arma::fmat> normal = raw;
  for (arma::fmat& trial : normal) normalise_columns(trial);
  const auto level_of = [&](std::size_t trial) { return label[recording.kind[trial]]; };

  arma::umat right(times, times, arma::fill::zeros);
  std::size_t tested = 0;
  arma::fmat templates(units, levels * times), tests, correlation;  // time runs fastest
  for (std::size_t index = 0; index < spec.splits; ++index) {
    const Halves halves = split(by_kind, index);
    // Sums do for means: a template's length does not matter.
    templates.zeros();
    for (const std::size_t trial : halves.train) {
      const std::size_t first = level_of(trial) * times;
      templates.cols(first, first + times - 1) += raw[trial];
    }
    normalise_columns(templates);
    tests.set_size(units, halves.test.size() * times);
    for (std::size_t k = 0; k < halves.test.size(); ++k) {
      tests.cols(k * times, (k + 1) * times - 1) = normal[halves.test[k]];
    }
    correlation = templates.t() * tests;
    for (std::size_t k = 0; k < halves.test.size(); ++k) {
      const std::size_t truth = level_of(halves.test[k]);
      for (std::size_t test = 0; test < times; ++test) {
        const float* of_level = correlation.colptr(k * times + test);
        for (std::size_t train = 0; train < times; ++train) {
          std::size_t best = 0;
          for (std::size_t level = 1; level < levels; ++level) {
            if (of_level[level * times + train] > of_level[best * times + train]) best = level;
          }
          right(train, test) += best == truth;
        }
      }
    }
    tested += halves.test.size();
  }
  result.accuracy = arma::conv_to<arma::mat>::from(right) / static_cast<double>(tested);
  return result;
}

}  // namespace deltaw
