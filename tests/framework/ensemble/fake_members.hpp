// SPDX-License-Identifier: Apache-2.0
// Members whose every answer is chosen, for tests of ensemble/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ensemble/member.hpp"

namespace deltaw::test {

using Classes = std::vector<std::uint32_t>;

// Three classes: `sure` of the answer, the rest shared by the others.
inline arma::mat answers(const Classes& given, double sure = 0.8) {
  arma::mat p(3, given.size());
  p.fill((1 - sure) / 2);
  for (std::size_t k = 0; k < given.size(); ++k) p(given[k], k) = sure;
  return p;
}

inline std::shared_ptr<const Samples> samples_of(const Classes& validation, const Classes& test) {
  Samples samples{{"a"}, 3, {{}, validation}, {{}, test}};
  for (std::size_t k = 0; k < validation.size(); ++k) samples.validation.places.push_back(k);
  for (std::size_t k = 0; k < test.size(); ++k) samples.test.places.push_back(1000 + k);
  return std::make_shared<const Samples>(std::move(samples));
}

inline Member member_of(const std::string& name, const std::shared_ptr<const Samples>& samples,
                        const arma::mat& validation, const arma::mat& test) {
  return {.name = name,
          .results = "results",
          .arm = name,
          .seed = 1,
          .weights = std::string(64, '0'),
          .samples = samples,
          .validation = validation,
          .test = test};
}

}  // namespace deltaw::test
