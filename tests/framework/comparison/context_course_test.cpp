// SPDX-License-Identifier: Apache-2.0
// Times and accuracies of contexts in trials, worked by hand.
#include "comparison/context_course.hpp"

#include <doctest/doctest.h>

using namespace deltaw;
using doctest::Approx;

namespace {

// Nonmatch, match, nonmatch, ten trials each.
std::unique_ptr<const TrialTask> reversed_twice() {
  return make_trial_task({.match = {.then = {"delayed-match", "delayed-nonmatch"}, .each = 10}});
}

// An error below the criterion's where `pattern` has a dot.
std::vector<float> errors_of(const std::string& pattern) {
  std::vector<float> errors;
  for (const char c : pattern) errors.push_back(c == '.' ? 0.25F : 0.75F);
  return errors;
}

constexpr Criterion k_three_in_a_row = {.error = 0.5, .share = 1, .of = 3};

ContextCourse course_of(const TrialTask& task) {
  ContextCourse course(task);
  course.add({0.5, 0.5, 0.5}, 0);
  course.add({0.7, 0.3, 0.7}, 5);  // a row of the curve within a context
  course.add({1.0, 0.0, 1.0}, 10);
  course.add({0.2, 0.8, 0.2}, 20);
  course.add({0.9, 0.1, 0.9}, 30);
  return course;
}

}  // namespace

TEST_CASE("a context's time to criterion is counted from its own start, and savings from both") {
  const auto task = reversed_twice();
  auto metrics = course_of(*task).metrics(
      errors_of("xxxxx...xx"    // 8 trials
                "..xxxxxxx."    // never, though its last trials and the next are right
                "..x...xxxx"),  // 6
      k_three_in_a_row);
  CHECK(*metrics["trials_of_context"] == 10);
  CHECK(*metrics["trials_to_criterion"] == 8);
  REQUIRE(metrics.contains("context_2_trials_to_criterion"));
  CHECK_FALSE(metrics["context_2_trials_to_criterion"].has_value());
  CHECK(*metrics["context_3_trials_to_criterion"] == 6);
  CHECK(*metrics["savings"] == Approx(0.25));
}

TEST_CASE("the matrix holds the ends of contexts, and forgetting is that of any sequence") {
  const auto task = reversed_twice();
  const ContextCourse course = course_of(*task);
  CHECK(course.all().n_rows == 5);
  const arma::mat expected = {{0.5, 0.5, 0.5}, {1.0, 0.0, 1.0}, {0.2, 0.8, 0.2}, {0.9, 0.1, 0.9}};
  REQUIRE(course.matrix().n_rows == 4);
  CHECK(arma::approx_equal(course.matrix(), expected, "absdiff", 0));
  auto metrics = course.metrics(errors_of(std::string(30, 'x')), k_three_in_a_row);
  CHECK(*metrics["learning_accuracy"] == Approx((1.0 + 0.8 + 0.9) / 3));
  CHECK(*metrics["backward_transfer"] == Approx((0.9 - 1.0 + 0.1 - 0.8) / 2));
  CHECK(*metrics["forgetting"] == Approx((1.0 - 0.9 + 0.8 - 0.1) / 2));
  REQUIRE(metrics.contains("savings"));
  CHECK_FALSE(metrics["savings"].has_value());
}

TEST_CASE("nothing is saved where no context comes again, and nothing kept without contexts") {
  const auto once = make_trial_task({.match = {.then = {"delayed-match"}, .each = 2}});
  ContextCourse course(*once);
  for (const std::uint64_t trials : {0U, 2U, 4U}) course.add({0, 0}, trials);
  CHECK_FALSE(course.metrics(errors_of("...."), k_three_in_a_row).contains("savings"));
  const auto plain = make_trial_task({});
  ContextCourse none(*plain);
  none.add({0.5}, 0);
  CHECK_FALSE(none.is_end(0));
  CHECK(none.all().empty());
  CHECK(none.metrics(errors_of("."), k_three_in_a_row).empty());
}

TEST_CASE("what was kept goes through a state, and the next context ends where it should") {
  const auto task = reversed_twice();
  StateWriter writer;
  course_of(*task).save(writer);
  ContextCourse course(*task);
  StateReader reader(writer.bytes());
  course.load(reader);
  reader.finish();
  CHECK(arma::approx_equal(course.matrix(), course_of(*task).matrix(), "absdiff", 0));
  CHECK(course.is_end(20));
  CHECK_FALSE(course.is_end(25));
}
