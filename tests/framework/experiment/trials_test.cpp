// SPDX-License-Identifier: Apache-2.0
// The task in trials of an experiment: read, refused, and written out again.
#include "experiment/resolved.hpp"
#include "experiment/schema.hpp"
#include "small.hpp"
#include "task/trial_task.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json with_trials(const json& trials) {
  json document = small_in_trials();
  document["task"] = {{"trials", trials}};
  return document;
}

TrialTaskSpec trials_of(const std::string& trials) {
  return load(with_trials(json::parse(trials))).task.trials.value();
}

std::string refusal_of(Code code, const std::string& trials) {
  return refusal(code, with_trials(json::parse(trials)));
}

}  // namespace

TEST_CASE("a bare type stands for a task in trials with its defaults") {
  const Experiment experiment = load(with_trials("selective-integration"));
  REQUIRE(experiment.task.trials);
  CHECK(experiment.task.trials->type == "selective-integration");
  CHECK(experiment.task.trials->integration.stimulus.to == 501);
  CHECK(experiment.task.data.name == "selective-integration");
  CHECK_FALSE(load(small()).task.trials);
}

TEST_CASE("times, delay and answers of a delayed match are read") {
  const TrialTaskSpec spec = trials_of(R"({"type": "delayed-match", "dt": 2, "first": [2, 302],
    "second": [600, 900], "response": [1400, 1600], "delay": [300, 800], "target": [0.02, 5.98],
    "order": "random"})");
  CHECK(spec.type == "delayed-match");
  CHECK(spec.dt == 2);
  CHECK(spec.order == "random");
  CHECK(spec.match.first.from == 2);
  CHECK(spec.match.first.to == 302);
  CHECK(spec.match.second.from == 600);
  CHECK(spec.match.response.from == 1400);
  REQUIRE(spec.match.delay);
  CHECK(spec.match.delay->from == 300);
  CHECK(spec.match.delay->to == 800);
  CHECK(spec.match.target.no == 0.02);
  CHECK(spec.match.target.yes == 5.98);
}

TEST_CASE("one number is a fixed delay, and an answer whose negative is the other") {
  const TrialTaskSpec spec =
      trials_of(R"({"type": "delayed-nonmatch", "delay": 150, "target": 0.5})");
  REQUIRE(spec.match.delay);
  CHECK(spec.match.delay->from == 150);
  CHECK(spec.match.delay->to == 150);
  CHECK(spec.match.target.no == -0.5);
  CHECK(spec.match.target.yes == 0.5);
}

TEST_CASE("a resolved task in trials says all that the file said, and loads as itself") {
  for (const char* text :
       {R"({"type": "delayed-nonmatch", "dt": 2, "first": [2, 302], "second": [600, 900],
            "response": [1400, 1600], "delay": [300, 800], "target": [0.02, 5.98],
            "order": "random"})",
        R"({"type": "delayed-match", "dt": 1, "first": [1, 201], "second": [400, 600],
            "response": [800, 1000], "delay": 150, "target": 0.5, "order": "cyclic",
            "then": ["delayed-nonmatch", "delayed-match"], "each": 30})",
        R"({"type": "selective-integration", "dt": 0.5, "stimulus": [2, 302],
            "response": [400, 500], "bias": 0.25, "scale": 2, "target": 3, "order": "random"})",
        R"({"type": "sine-sum", "dt": 2, "amplitudes": [1, 2], "frequencies": [3, 4.5],
            "peak": 2, "response": [100, 900], "input": [0, 60]})"}) {
    CAPTURE(text);
    json document = with_trials(json::parse(text));
    document["task"]["name"] = "n";
    const json resolved = to_json(load(document));
    CHECK(resolved["task"] == document["task"]);
    CHECK(to_json(load(resolved)) == resolved);
  }
}

TEST_CASE("the defaults of every task in trials are written out and load as themselves") {
  for (const std::string& type : trial_task_types()) {
    CAPTURE(type);
    const json resolved = to_json(load(with_trials(type)));
    CHECK(resolved["task"]["trials"]["dt"] == 1);
    CHECK(resolved["task"]["trials"].contains("response"));
    CHECK_FALSE(resolved["task"].contains("split"));
    CHECK(to_json(load(resolved)) == resolved);
  }
}

TEST_CASE("the schema knows the same tasks in trials as the program") {
  CHECK(experiment_schema()["definitions"]["trial_type"]["enum"].get<std::vector<std::string>>() ==
        trial_task_types());
}

TEST_CASE("--set reaches into a task in trials, though the file gave its type alone") {
  const Experiment experiment = load(with_trials("delayed-nonmatch"),
                                     {.sets = {"task.trials.target=0.5", "task.trials.dt=0.5"}});
  CHECK(experiment.task.trials->match.target.yes == 0.5);
  CHECK(experiment.task.trials->dt == 0.5);
}

TEST_CASE("a task is a data set or in trials, not both and not neither") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["task"]["trials"] = "sine-sum"; }),
            "/task needs one of \"type\" (a data set), \"trials\" and \"protocol\"");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["task"] = json::object(); }),
            "/task needs one of \"type\" (a data set), \"trials\" and \"protocol\"");
  json document = with_trials("sine-sum");
  document["task"]["split"] = {{"train", 0.5}};
  CHECK_HAS(refusal(Code::E502, document), "/task/split is a key of data sets");
}

TEST_CASE("keys and values that a task in trials cannot have are errors with their place") {
  CHECK_HAS(refusal_of(Code::E503, R"("delayed-nomatch")"), "did you mean \"delayed-nonmatch\"?");
  CHECK_HAS(refusal_of(Code::E502, R"({"type": "sine-sum", "delay": 3})"),
            "/task/trials/delay is an unknown key of type 'sine-sum'");
  CHECK_HAS(refusal_of(Code::E502, R"({"type": "delayed-match", "dealy": 3})"),
            "did you mean 'delay'?");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "delayed-match", "first": [1, 2, 3]})"),
            "/task/trials/first");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "delayed-match", "dt": 0})"), "/task/trials/dt");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "delayed-match", "dt": 3})"),
            "/task/trials cannot be made: a time of the trial is no whole number of steps\n"
            "  expected a multiple of dt = 3 ms, found 1 ms");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "delayed-match", "second": [100, 300]})"),
            "/task/trials cannot be made: the times of the trial are out of order");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "delayed-match", "then": ["delayed-nomatch"],
                                       "each": 3})"),
            "did you mean \"delayed-nonmatch\"?");
  for (const char* half : {R"({"type": "delayed-match", "then": ["delayed-nonmatch"]})",
                           R"({"type": "delayed-match", "each": 3})"}) {
    CHECK_HAS(refusal_of(Code::E503, half), "expected both \"then\" and \"each\", or neither");
  }
  CHECK_HAS(refusal_of(Code::E502, R"({"type": "sine-sum", "then": ["delayed-match"]})"),
            "/task/trials/then is an unknown key of type 'sine-sum'");
  CHECK_HAS(refusal_of(Code::E503, R"({"type": "sine-sum", "frequencies": [600, 1, 1, 1]})"),
            "below 500 Hz");
}

TEST_CASE("the first run of each rule is analysed unless the file says otherwise") {
  json document = with_trials("delayed-nonmatch");
  CHECK(load(document).analysed_seeds == 1);
  CHECK(to_json(load(document))["analyses"] == json({{"seeds", 1}}));
  document["analyses"] = {{"seeds", 3}};
  const json resolved = to_json(load(document));
  CHECK(load(document).analysed_seeds == 3);
  CHECK(to_json(load(resolved)) == resolved);
  CHECK(load(document, {.sets = {"analyses.seeds=0"}}).analysed_seeds == 0);
  CHECK_FALSE(to_json(load(small())).contains("analyses"));
  CHECK_HAS(refusal(Code::E502,
                    [](json& d) {
                      d["analyses"] = {{"seeds", 1}};
                    }),
            "/analyses is of tasks in trials");
}
