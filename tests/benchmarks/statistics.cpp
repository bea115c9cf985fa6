// SPDX-License-Identifier: Apache-2.0
// statistics: CPU seconds of the statistics of 20 rules x 30 seeds, with 10,000 bootstrap replicates
// each: `medians` of the rules with BCa intervals; `pairs`, all 190 with the BCa interval of the
// median difference, the probability of improvement with its own, sign flips and Holm. Prints
// {"medians": S, "pairs": S, "check": X} for resampling.py, which runs NumPy and SciPy beside it.
#include <cstdio>
#include <ctime>
#include <vector>

#include "core/random.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/holm.hpp"
#include "statistics/improvement.hpp"
#include "statistics/paired_differences.hpp"
#include "statistics/sign_flip.hpp"

namespace {

constexpr std::size_t rules = 20, seeds = 30;

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<std::vector<double>> scores() {
  deltaw::Random random(1, "scores");
  std::vector<std::vector<double>> all(rules, std::vector<double>(seeds));
  for (std::size_t rule = 0; rule < rules; ++rule) {
    for (double& score : all[rule]) score = 0.9 + 0.002 * double(rule) + 0.01 * random.normal();
  }
  return all;
}

}  // namespace

int main() {
  using namespace deltaw;
  const std::vector<std::vector<double>> all = scores();
  double check = 0;

  const double start = seconds();
  Bootstrap for_medians;
  for (const std::vector<double>& own : all) check += estimate_median(own, for_medians).low;
  const double medians = seconds();
  Bootstrap for_pairs;
  std::vector<double> p_values;
  for (std::size_t a = 0; a < rules; ++a) {
    for (std::size_t b = a + 1; b < rules; ++b) {
      const std::vector<double> differences = paired_differences(all[a], all[b]);
      check += estimate_median(differences, for_pairs).low;
      check += estimate_improvement({all[a]}, {all[b]}, for_pairs).low;
      p_values.push_back(*sign_flip_p(differences));
    }
  }
  check += holm(p_values).front();
  std::printf("{\"medians\": %.4f, \"pairs\": %.4f, \"check\": %.6f}\n", medians - start,
              seconds() - medians, check);
  return 0;
}
