// SPDX-License-Identifier: Apache-2.0
// Case files: small inputs of a rule and the ΔW that somebody else worked out for them, in
// NAME.case.json beside the manifest (sdk/schema/case.schema.json). Plain values: any thread.
#pragma once

#include <armadillo>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conformance/scene.hpp"
#include "conformance/stimulus.hpp"
#include "plugin/manifest.hpp"
#include "plugin/parameters.hpp"

namespace deltaw {

// What the rule gets when it draws with this stream and counter.
struct CaseDraw {
  bool is_normal;
  std::uint64_t stream, counter;
  arma::mat values;
};

struct Case {
  std::string name;
  std::vector<ResolvedParameter> parameters;
  Scene scene;  // its precision is chosen by who runs the case
  Stimulus stimulus;
  std::vector<arma::vec> expected;  // by update: ΔW, or W in place; entries as in a Response
  std::vector<CaseDraw> draws;
  double tolerance_f32, tolerance_f64;  // of the largest |expected|
};

// All *.case.json in the folder of the manifest, by name.
[[nodiscard]] std::vector<std::filesystem::path> case_files(const Manifest& manifest);

// The cases of one rule in these files, in order. Errors: E700 not JSON, E701 a key missing or a
// value wrong, with the case; E201, E202.
[[nodiscard]] std::vector<Case> read_cases(const std::vector<std::filesystem::path>& files,
                                           const RuleSpec& rule);

// Throws E700 or E701 unless it is a case file, of whichever rule.
void require_case_file(const std::filesystem::path& file);

// A case that was written for another implementation of the same rule.
struct OthersCase {
  std::string name;
  std::optional<Case> given;  // empty where it sets parameters that this rule does not have
  std::string lacking;        // and which
};

// The cases in a file, whichever rule it names. Errors: as read_cases(), but for parameters.
[[nodiscard]] std::vector<OthersCase> read_others_cases(const std::filesystem::path& file,
                                                        const RuleSpec& rule);

}  // namespace deltaw
