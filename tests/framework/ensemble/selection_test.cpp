// SPDX-License-Identifier: Apache-2.0
#include "ensemble/selection.hpp"

#include <doctest/doctest.h>

#include <map>

#include "core/error.hpp"

using namespace deltaw;

namespace {

const std::vector<Source> k_one = {{"results/a", {"gru", "lstm", "cnn"}, {1, 2, 3}}};
const std::vector<Source> k_two = {{"results/a", {"gru", "lstm"}, {1, 2, 3}},
                                   {"results/b", {"gru", "cnn"}, {2, 3, 4}}};

// "GROUP@SEED" -> names of members.
std::map<std::string, std::vector<std::string>> ensembles(const std::vector<Source>& sources,
                                                          const Wanted& wanted) {
  const Selection selection = select(sources, wanted);
  std::map<std::string, std::vector<std::string>> found;
  for (const Selection::Ensemble& ensemble : selection.ensembles) {
    const std::string seed = ensemble.seed ? "@" + std::to_string(*ensemble.seed) : "";
    for (const std::size_t member : ensemble.members) {
      found[ensemble.group + seed].push_back(selection.runs[member].name);
    }
  }
  return found;
}

std::string refusal(const std::vector<Source>& sources, const Wanted& wanted) {
  try {
    static_cast<void>(select(sources, wanted));
  } catch (const Error& error) {
    CHECK(error.code() == Code::E002);
    return error.headline() + "; " + error.detail().hint;
  }
  return "";
}

using Found = std::map<std::string, std::vector<std::string>>;

}  // namespace

TEST_CASE("without groups all arms of a seed are an ensemble") {
  CHECK(ensembles(k_one, {.seeds = {1, 3}}) ==
        Found{{"all@1", {"gru@1", "lstm@1", "cnn@1"}}, {"all@3", {"gru@3", "lstm@3", "cnn@3"}}});
  CHECK(ensembles(k_one, {.arms = {"cnn", "gru"}, .seeds = {2}}) ==
        Found{{"all@2", {"cnn@2", "gru@2"}}});
}

TEST_CASE("the seeds of a single arm are an ensemble") {
  CHECK(ensembles(k_one, {.arms = {"lstm"}}) == Found{{"lstm", {"lstm@1", "lstm@2", "lstm@3"}}});
}

TEST_CASE("groups name arms at every seed, or single runs") {
  const Wanted wanted{
      .seeds = {2}, .groups = {{"mixed", {{"gru"}, {"cnn"}}}, {"same", {{"gru", 1}, {"gru", 3}}}}};
  CHECK(ensembles(k_one, wanted) ==
        Found{{"mixed@2", {"gru@2", "cnn@2"}}, {"same", {"gru@1", "gru@3"}}});
}

TEST_CASE("several folders share their common seeds, and a name in both has its folder") {
  CHECK(ensembles(k_two, {.arms = {"lstm", "cnn"}}) ==
        Found{{"all@2", {"lstm@2", "cnn@2"}}, {"all@3", {"lstm@3", "cnn@3"}}});
  CHECK(
      ensembles(k_two, {.seeds = {2}, .groups = {{"g", {{"results/a:gru"}, {"results/b:gru"}}}}}) ==
      Found{{"g@2", {"results/a:gru@2", "results/b:gru@2"}}});
}

TEST_CASE("each run is read once, seed after seed") {
  const Selection selection =
      select(k_one, {.groups = {{"x", {{"gru"}, {"lstm"}}}, {"y", {{"gru"}, {"cnn"}}}}});
  REQUIRE(selection.runs.size() == 9);
  for (std::size_t i = 1; i < 9; ++i) CHECK(selection.runs[i - 1].seed <= selection.runs[i].seed);
  CHECK(selection.ensembles.size() == 6);
}

TEST_CASE("what cannot be an ensemble is named") {
  CHECK(refusal(k_one, {.arms = {"grü", "cnn"}}) ==
        "no arm 'grü' in the results; did you mean 'gru'? known: gru, lstm, cnn");
  CHECK(refusal(k_two, {.arms = {"gru", "cnn"}}).find("results/a:gru") != std::string::npos);
  CHECK(refusal(k_one, {.arms = {"gru"}, .seeds = {1}}).starts_with("group 'gru' has one member"));
  CHECK(refusal(k_one, {.groups = {{"g", {{"nobody", 1}}}}}).starts_with("no arm 'nobody'"));
  CHECK(refusal(k_one, {.groups = {{"g", {{"gru", 1}, {"cnn"}}}}}) ==
        "some members of group 'g' have a seed; ");
  CHECK(refusal(k_one, {.groups = {{"g", {{"gru", 1}, {"gru", 1}}}}}) ==
        "group 'g' has gru@1 twice; ");
  CHECK(refusal(k_one, {.groups = {{"g", {{"gru"}, {"cnn"}}}, {"g", {{"gru"}, {"lstm"}}}}}) ==
        "two groups are named 'g'; ");
  CHECK(refusal(k_one, {.arms = {"gru"}, .groups = {{"g", {{"gru"}, {"cnn"}}}}})
            .starts_with("--rules"));
  const std::vector<Source> apart = {{"a", {"gru"}, {1}}, {"b", {"cnn"}, {2}}};
  CHECK(refusal(apart, {}).starts_with("the members of group 'all' have no seed in common"));
}
