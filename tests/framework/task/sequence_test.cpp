// SPDX-License-Identifier: Apache-2.0
// What each context holds, counted sample by sample.
#include "task/sequence.hpp"

#include <doctest/doctest.h>

#include <set>

#include "error_of.hpp"

using namespace deltaw;

namespace {

// 60 samples of six classes; feature f of sample k is 100 k + f, so that each tells where it is
// from.
Split<double> numbered() {
  Split<double> split;
  for (Partition<double>* part : {&split.train, &split.test}) {
    part->inputs.set_size(5, 60);
    part->targets.zeros(6, 60);
    for (std::uint32_t k = 0; k < 60; ++k) {
      for (arma::uword f = 0; f < 5; ++f) part->inputs(f, k) = 100.0 * k + static_cast<double>(f);
      part->labels.push_back(k % 6);
      part->targets(k % 6, k) = 1;
    }
  }
  return split;
}

TaskSpec spec(const char* type, std::size_t contexts, const char* scenario) {
  TaskSpec task;
  task.sequence = {.type = type, .contexts = contexts, .scenario = scenario};
  return task;
}

}  // namespace

TEST_CASE("split contexts share no class, and every sample is in one of them") {
  const Split<double> data = numbered();
  const Contexts<double> contexts(data, spec("split", 3, "class"), 1);
  std::set<double> seen;
  for (std::size_t i = 0; i < 3; ++i) {
    const Partition<double> part = contexts.train(i);
    REQUIRE(part.size() == 20);
    CHECK(contexts.outputs(i).first == 0);
    CHECK(contexts.outputs(i).last == 6);
    for (arma::uword k = 0; k < 20; ++k) {
      const auto sample = static_cast<std::uint32_t>(part.inputs(0, k) / 100);
      CHECK(seen.insert(part.inputs(0, k)).second);
      CHECK(part.labels[k] == sample % 6);
      CHECK(part.labels[k] / 2 == i);
      CHECK(part.targets.col(k).index_max() == sample % 6);
      CHECK(arma::accu(part.targets.col(k)) == 1);
      CHECK(part.inputs(4, k) == 100.0 * sample + 4);
    }
  }
  CHECK(seen.size() == 60);
}

TEST_CASE("a drawn order deals the classes anew for each seed, and outputs follow their places") {
  const Split<double> data = numbered();
  TaskSpec drawn = spec("split", 3, "task");
  drawn.sequence->is_order_drawn = true;
  std::set<std::vector<std::uint32_t>> orders;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Contexts<double> contexts(data, drawn, seed);
    drawn.sequence->scenario = "domain";
    const Contexts<double> shared(data, drawn, seed);
    drawn.sequence->scenario = "task";
    std::vector<std::uint32_t> class_of(6);  // by output
    for (std::size_t i = 0; i < 3; ++i) {
      const Partition<double> part = contexts.train(i), same = shared.train(i);
      REQUIRE(part.size() == 20);
      for (arma::uword k = 0; k < 20; ++k) {
        const auto sample = static_cast<std::uint32_t>(part.inputs(0, k) / 100);
        CHECK(part.labels[k] / 2 == i);
        CHECK(same.labels[k] == part.labels[k] % 2);
        if (k < 2) class_of[part.labels[k]] = sample % 6;
        CHECK(class_of[part.labels[k]] == sample % 6);
      }
    }
    CHECK(std::set<std::uint32_t>(class_of.begin(), class_of.end()).size() == 6);
    orders.insert(class_of);
  }
  CHECK(orders.size() > 4);
}

TEST_CASE("scenarios differ in outputs and labels alone") {
  const Split<double> data = numbered();
  const Contexts<double> domain(data, spec("split", 3, "domain"), 1);
  const Contexts<double> task(data, spec("split", 3, "task"), 1);
  const Partition<double> a = domain.test(2), b = task.test(2);
  CHECK(a.targets.n_rows == 2);
  CHECK(b.targets.n_rows == 6);
  CHECK(arma::approx_equal(a.inputs, b.inputs, "absdiff", 0));
  for (std::size_t k = 0; k < a.size(); ++k) {
    CHECK(a.labels[k] == k % 2);  // classes 4, 5, 4, 5, ...
    CHECK(b.labels[k] == 4 + k % 2);
  }
  CHECK(domain.outputs(2).size() == 2);
  CHECK(task.outputs(2).first == 4);
  CHECK(task.outputs(2).last == 6);
}

TEST_CASE("outputs that do not answer have the target 0, also where others have -1") {
  const Split<double> data = numbered();
  TaskSpec task = spec("split", 3, "task");
  task.targets = "signed";
  const Partition<double> part = Contexts<double>(data, task, 1).train(1);
  CHECK(arma::approx_equal(part.targets.col(0), arma::vec{0, 0, 1, -1, 0, 0}, "absdiff", 0));
}

TEST_CASE(
    "a permutation has an inverse, differs between contexts and seeds, and spares the first") {
  const Split<double> data = numbered();
  const Contexts<double> contexts(data, spec("permuted", 4, "domain"), 7);
  CHECK(contexts.permutation(0).empty());
  CHECK(arma::approx_equal(contexts.test(0).inputs, data.test.inputs, "absdiff", 0));
  std::set<std::vector<std::size_t>> different;
  for (std::size_t i = 1; i < 4; ++i) {
    const std::vector<std::size_t>& from = contexts.permutation(i);
    different.insert(from);
    const arma::mat shown = contexts.train(i).inputs;
    arma::mat restored(5, 60);
    for (std::size_t f = 0; f < 5; ++f) restored.row(from[f]) = shown.row(f);
    CHECK(arma::approx_equal(restored, data.train.inputs, "absdiff", 0));
  }
  CHECK(different.size() > 1);
  CHECK(Contexts<double>(data, spec("permuted", 4, "domain"), 7).permutation(2) ==
        contexts.permutation(2));
  CHECK(Contexts<double>(data, spec("permuted", 4, "domain"), 8).permutation(2) !=
        contexts.permutation(2));
}

TEST_CASE("permuted contexts have outputs of their own in the scenarios class and task") {
  const Split<double> data = numbered();
  const Contexts<double> contexts(data, spec("permuted", 4, "task"), 7);
  CHECK(contexts.outputs(3).first == 18);
  CHECK(contexts.outputs(3).last == 24);
  CHECK(contexts.train(3).labels[5] == 18 + 5);
  CHECK(contexts.train(3).targets.n_rows == 24);
  CHECK(outputs_of({.type = "permuted", .contexts = 4, .scenario = "class"}, 6) == 24);
  CHECK(outputs_of({.type = "permuted", .contexts = 4, .scenario = "domain"}, 6) == 6);
}

TEST_CASE("parts join one after the other") {
  const Split<double> data = numbered();
  const Contexts<double> contexts(data, spec("split", 3, "class"), 1);
  const Partition<double> both = joined(contexts.train(0), contexts.train(1));
  REQUIRE(both.size() == 40);
  CHECK(both.labels[20] == 2);
  CHECK(both.inputs(1, 20) == 201);
  CHECK(both.targets(2, 20) == 1);
}

TEST_CASE("what cannot be a sequence is a named error") {
  const Split<double> data = numbered();
  const auto refusal = [&](const TaskSpec& task) {
    return error_of([&] { (void)Contexts<double>(data, task, 1); });
  };
  const Error uneven = refusal(spec("split", 4, "class"));
  CHECK(uneven.code() == Code::E404);
  CHECK(uneven.text().find("6 classes") != std::string::npos);
  CHECK(refusal(spec("split", 6, "class")).code() == Code::E404);
  const Error scenario = refusal(spec("split", 3, "tsk"));
  CHECK(scenario.code() == Code::E503);
  CHECK(scenario.text().find("task") != std::string::npos);
  CHECK(refusal(spec("splitt", 3, "task")).text().find("split") != std::string::npos);
  Split<double> untested = numbered();
  untested.test = {};
  const Error lacking =
      error_of([&] { (void)Contexts<double>(untested, spec("split", 3, "class"), 1); });
  CHECK(lacking.code() == Code::E404);
  CHECK(lacking.text().find("test") != std::string::npos);
}
