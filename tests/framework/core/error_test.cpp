// SPDX-License-Identifier: Apache-2.0
#include "core/error.hpp"

#include <doctest/doctest.h>

#include <set>

#include "core/nearest.hpp"

using namespace deltaw;

TEST_CASE("an error prints its code, what was expected and found, and what to try") {
  const Error error(Code::E202, "decay is out of range",
                    {.expected = "number >= 0", .found = "-1", .hint = "decay=0"});
  CHECK(error.text() ==
        "error[E202] decay is out of range\n  expected number >= 0, found -1\n  try: decay=0");
  CHECK(info(error.code()).exit_status == 2);
}

TEST_CASE("every code is listed once") {
  std::set<std::string_view> names;
  for (const CodeInfo& code : all_codes()) CHECK(names.insert(code.name).second);
}

TEST_CASE("the nearest name is found, and none is made up") {
  const std::vector<std::string> known = {"backprop", "hebbian", "node-perturbation"};
  CHECK(nearest("bakprop", known) == "backprop");
  CHECK(nearest("hebian", known) == "hebbian");
  CHECK(nearest("xyzzy", known).empty());
  CHECK(suggest("hebian", known) ==
        "did you mean 'hebbian'? known: backprop, hebbian, node-perturbation");
}
