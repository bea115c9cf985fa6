// SPDX-License-Identifier: Apache-2.0
#include "analysis/recording.hpp"

#include <doctest/doctest.h>

#include "error_of.hpp"

using namespace deltaw;

namespace {

Recording small() {
  return {{arma::fmat{{1, 2}, {3, 4}}, arma::fmat{{5, 6}, {7, 8}}, arma::fmat{{3, 0}, {1, 9}}},
          {1, 0, 1}};
}

}  // namespace

TEST_CASE("trials are sorted by kind and averaged within one") {
  const auto places = trials_by_kind(small(), 2, 1);
  CHECK(places[0] == std::vector<std::size_t>{1});
  CHECK(places[1] == std::vector<std::size_t>{0, 2});
  const arma::mat means = condition_means(small(), 2, 0);
  CHECK(arma::approx_equal(means, arma::mat{{5, 2}, {7, 2}}, "absdiff", 0));
}

TEST_CASE("recordings that do not hang together are named") {
  Recording recording = small();
  recording.kind.pop_back();
  const Error count = error_of([&] { (void)trials_by_kind(recording, 2, 1); });
  CHECK(count.code() == Code::E205);
  CHECK(count.detail().expected == "3 kinds");

  recording = small();
  recording.activity[2].set_size(2, 3);
  const Error size = error_of([&] { (void)trials_by_kind(recording, 2, 1); });
  CHECK(size.code() == Code::E205);
  CHECK(size.headline() == "trial 2 has another size than trial 0");

  const Error kind = error_of([&] { (void)trials_by_kind(small(), 1, 1); });
  CHECK(kind.code() == Code::E403);
  CHECK(kind.detail().found == "1");

  const Error few = error_of([&] { (void)trials_by_kind(small(), 2, 2); });
  CHECK(few.code() == Code::E405);
  CHECK(few.headline() == "too few trials of kind 0 were recorded");
  CHECK(few.detail().expected == "2 or more");
  CHECK(few.detail().found == "1");
  CHECK(error_of([] { (void)condition_means({}, 1, 0); }).code() == Code::E405);
}
