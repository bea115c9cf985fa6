// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

#include "rules.hpp"

using namespace deltaw::testing;

TEST_CASE_TEMPLATE("a rule that is saved and restored goes on with the same bits", T, float,
                   double) {
  const auto block = [](std::uint64_t i) { return normal<T>(3, 2, i); };
  Probe<rules::Remembers, T> whole({}, 2, 3), first({}, 2, 3), second({}, 2, 3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    whole.set(deltaw::pre, block(i)).observe();
    first.set(deltaw::pre, block(i)).observe();
  }
  second.load(first.save());
  whole.set(deltaw::pre, block(9));
  second.set(deltaw::pre, block(9));
  CHECK(arma::approx_equal(whole.update(), second.update(), "absdiff", T(0)));

  Probe<rules::Remembers, T> fresh({}, 2, 3);
  fresh.set(deltaw::pre, block(9));
  second.reset();
  CHECK(arma::approx_equal(fresh.update(), second.update(), "absdiff", T(0)));
}

TEST_CASE("a saved state of another shape or length is refused") {
  Probe<rules::Remembers, double> three({}, 2, 3), four({}, 2, 4);
  const std::string bytes = three.save();
  const auto status = [&](const std::string& saved) {
    try {
      three.load(saved);
    } catch (const Failure& f) {
      return f.status;
    }
    return deltaw_status{DELTAW_OK};
  };
  CHECK(status(four.save()) == DELTAW_E_INVALID_ARGUMENT);
  CHECK(status(bytes.substr(0, bytes.size() - 1)) != DELTAW_OK);
  CHECK(status(bytes + "x") == DELTAW_E_STATE);
  CHECK(status(bytes) == DELTAW_OK);
}

TEST_CASE("a rule without memory has nothing to save") {
  Probe<rules::Detaches, double> probe({}, 2, 3);
  CHECK(probe.save().empty());
}
