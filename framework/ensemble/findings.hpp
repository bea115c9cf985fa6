// SPDX-License-Identifier: Apache-2.0
// How good members and ensembles are, and beside each other. Pure: any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "ensemble/combine.hpp"
#include "ensemble/selection.hpp"

namespace deltaw {

struct Combining {
  bool has_average = true;
  bool has_stacking = true;
  bool needs_stacking = false;  // else it is left out, and said to be, where it cannot be done
};

struct Found {
  // An object with name, classes, test and validation (numbers of samples), notes (sentences), and
  //   members    [{member, results, rule, seed, weights, validation: accuracy or null, test}]
  //   ensembles  [{name, group, seed or null, combination: "average" or "stacking", members: names,
  //              test, penalty and at_edge of stacking, beside_best: null or {member, mean, low,
  //              high, only_ensemble, only_member, p, p_adjusted}, beside_mean: {accuracy, mean,
  //              low, high}}]
  //   pairs      [{first, second, first_group, second_group, combination, seed or null, mean, low,
  //              high, only_first, only_second, p, p_adjusted}]
  //   over_seeds {ensembles: [{group, combination, seeds, test, beside_best, beside_mean}], pairs:
  //              [{first_group, second_group, combination, seeds, mean}]}, see over_seeds()
  // `test` is {accuracy, low, high} with Wilson's interval; means are of paired differences, see
  // statistics/paired_difference.hpp. The best member is the one of the highest validation
  // accuracy, of equal ones the first. Pairs are of ensembles of different groups of one size,
  // combined alike, of one seed where both have one; their p are adjusted after Holm, as are
  // those of all ensembles beside their best members.
  nlohmann::json document;
  // By name of the ensemble: class probabilities on the test part, classes x samples.
  std::vector<std::pair<std::string, arma::mat>> probabilities;
};

// REQUIRES: members are those of selection.runs. Errors: E607 an ensemble whose members have no
// common test part; E609 where stacking is needed and cannot be done.
[[nodiscard]] Found findings(const std::string& name, const Selection& selection,
                             const std::vector<Member>& members, const Combining& combining);

}  // namespace deltaw
