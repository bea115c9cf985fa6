// SPDX-License-Identifier: Apache-2.0
#include "task/split.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "error_of.hpp"
#include "framework/task/files.hpp"
#include "task/choose.hpp"

using namespace deltaw;

namespace {

// Samples with one feature, their own index, and these labels.
Dataset labelled(const std::vector<std::uint32_t>& labels, std::size_t classes,
                 std::size_t own_test = 0) {
  Dataset data;
  data.name = "labelled";
  data.features = 1;
  std::vector<float> values;
  for (std::size_t k = 0; k < labels.size(); ++k) values.push_back(static_cast<float>(k));
  data.values = values;
  data.labels = labels;
  data.classes = classes;
  data.own_test = own_test;
  return data;
}

// Classes of 53, 20 and 7 samples, mixed.
Dataset uneven() {
  std::vector<std::uint32_t> labels(80, 0);
  for (std::size_t k = 0; k < 20; ++k) labels[4 * k] = 1;
  for (std::size_t k = 0; k < 7; ++k) labels[12 * k + 1] = 2;
  return labelled(labels, 3);
}

std::vector<std::size_t> counts(const Dataset& data, const std::vector<std::size_t>& part) {
  std::vector<std::size_t> count(data.classes);
  for (const std::size_t k : part) ++count[data.labels[k]];
  return count;
}

std::vector<std::size_t> all_of(const Choice& choice) {
  std::vector<std::size_t> all = choice.train;
  all.insert(all.end(), choice.validation.begin(), choice.validation.end());
  all.insert(all.end(), choice.test.begin(), choice.test.end());
  std::sort(all.begin(), all.end());
  return all;
}

bool is_every_sample_once(const std::vector<std::size_t>& all, std::size_t n) {
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k] != k) return false;
  }
  return all.size() == n;
}

template <class T>
std::vector<T> values_of(const arma::Mat<T>& matrix) {
  return {matrix.begin(), matrix.end()};
}

}  // namespace

TEST_CASE("largest remainders give each part its quota rounded down or up, and the total exactly") {
  using Counts = std::vector<std::size_t>;
  CHECK(apportion(10, {0.7, 0.3}) == Counts{7, 3});
  CHECK(apportion(10, {0.55, 0.26, 0.19, 0}) == Counts{5, 3, 2, 0});  // 5.5 2.6 1.9
  CHECK(apportion(5, {0.5, 0.5}) == Counts{3, 2});
  CHECK(apportion(100, {47, 16, 15.8, 12, 6.1, 3.1}) == Counts{47, 16, 16, 12, 6, 3});
  CHECK(apportion(0, {1, 1}) == Counts{0, 0});
}

TEST_CASE("a stratified split gives each class its shares to within one sample") {
  const Dataset data = uneven();
  const SplitSpec spec = {.train = 0.6, .validation = 0.15, .test = 0.25};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Choice choice = choose(data, spec, seed);
    CHECK(is_every_sample_once(all_of(choice), 80));
    const std::vector<double> sizes = {53, 20, 7};
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(std::abs(static_cast<double>(counts(data, choice.train)[c]) - 0.6 * sizes[c]) < 1);
      CHECK(std::abs(static_cast<double>(counts(data, choice.validation)[c]) - 0.15 * sizes[c]) <
            1);
      CHECK(std::abs(static_cast<double>(counts(data, choice.test)[c]) - 0.25 * sizes[c]) < 1);
    }
  }
}

TEST_CASE("a split depends on the seed alone, and every sample is in the test part in its turn") {
  const Dataset data = uneven();
  const SplitSpec spec;
  CHECK(choose(data, spec, 4).train == choose(data, spec, 4).train);
  CHECK(choose(data, spec, 4).train != choose(data, spec, 5).train);
  std::vector<int> tested(80);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const std::size_t k : choose(data, spec, seed).test) ++tested[k];
  }
  for (std::size_t k = 0; k < 80; ++k) {
    const double share = std::vector{16.0 / 53, 6.0 / 20, 2.0 / 7}[data.labels[k]];
    CHECK(std::abs(tested[k] - 2000 * share) < 4.5 * std::sqrt(2000 * share * (1 - share)));
  }
}

TEST_CASE("a split with a seed of its own is that seed's, whichever run asks") {
  const Dataset data = uneven();
  SplitSpec spec{.train = 0.5, .test = 0.5};
  const Choice third = choose(data, spec, 3), fourth = choose(data, spec, 4);
  CHECK(third.train != fourth.train);
  spec.seed = 3;
  CHECK(choose(data, spec, 4).train == third.train);
  CHECK(choose(data, spec, 4).test == third.test);
}

TEST_CASE("shares below 1 leave samples out; without strata only the whole is in proportion") {
  const Choice some = choose(uneven(), {.train = 0.5, .test = 0.25}, 1);
  CHECK(some.train.size() + some.test.size() < 62);
  const Choice whole = choose(uneven(), {.train = 0.85, .test = 0.15, .stratified = false}, 1);
  CHECK(whole.train.size() == 68);
  CHECK(is_every_sample_once(all_of(whole), 80));
}

TEST_CASE("a test part of the data's own stays the test part, and the rest is divided") {
  std::vector<std::uint32_t> labels(100);
  for (std::size_t k = 0; k < 100; ++k) labels[k] = k % 2 == 0 ? 0 : 1;
  const Dataset data = labelled(labels, 2, 20);
  const Choice plain = choose(data, {}, 1);
  CHECK(plain.train.size() == 80);
  CHECK(plain.validation.empty());
  CHECK(plain.test.front() == 80);
  CHECK(plain.test.size() == 20);
  const Choice held_out = choose(data, {.train = 0.75, .validation = 0.25}, 1);
  CHECK(held_out.train.size() == 60);
  CHECK(held_out.validation.size() == 20);
  CHECK(is_every_sample_once(all_of(held_out), 100));
}

TEST_CASE("limits keep the classes' proportions and the exact number") {
  const Dataset data = uneven();
  const Choice choice = choose(data, {.limit_train = 16, .limit_test = 5}, 3);
  CHECK(counts(data, choice.train) == std::vector<std::size_t>{11, 4, 1});  // of 37, 14 and 5
  CHECK(choice.test.size() == 5);
  CHECK(std::is_sorted(choice.train.begin(), choice.train.end()));
  CHECK(choose(data, {.limit_train = 1000}, 3).train.size() == 56);
}

TEST_CASE("impossible splits are refused with the reason") {
  const Dataset data = uneven();
  const auto attempt = [&data](const SplitSpec& spec) {
    return [&data, spec] { (void)choose(data, spec, 1); };
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  check_error(Code::E404, "0.7 + 0.1 + 0.3 = 1.1", attempt({.train = 0.7, .validation = 0.1}));
  check_error(Code::E404, "share of the split is negative", attempt({.validation = -0.1}));
  check_error(Code::E404, "found nan", attempt({.train = nan}));
  check_error(Code::E404, "training part is empty", attempt({.train = 0}));
  check_error(Code::E404, "class 2 has too few samples for the validation part",
              attempt({.train = 0.6, .validation = 0.03, .test = 0.37}));
  check_error(Code::E404, "class 2 has too few samples for the training part",
              attempt({.limit_train = 2}));
  check_error(Code::E404, "there are too few samples for the test part",
              [] { (void)choose(labelled({0}, 1), {.stratified = false}, 1); });
  // 1.0000000000000002 in double, and yet a fair split.
  CHECK(choose(data, {.train = 0.6, .validation = 0.3, .test = 0.1}, 1).test.size() > 0);
}

TEST_CASE_TEMPLATE("scaling is learnt from the training part alone", T, float, double) {
  // Training samples (1, 5) and (3, 5); test sample (9, 7).
  Dataset data = labelled({0, 1, 1}, 2, 1);
  data.features = 2;
  data.values = std::vector<float>{1, 5, 3, 5, 9, 7};
  const auto scaled = [&data](const std::string& scale) {
    const Split<T> split = make_split<T>(data, {.scale = scale}, 1);
    std::vector<T> values = values_of(split.train.inputs);
    const std::vector<T> test = values_of(split.test.inputs);
    values.insert(values.end(), test.begin(), test.end());
    return values;
  };
  CHECK(scaled("raw") == std::vector<T>{1, 5, 3, 5, 9, 7});
  CHECK(scaled("center") == std::vector<T>{-1, 0, 1, 0, 7, 2});
  CHECK(scaled("standardise") == std::vector<T>{-1, 0, 1, 0, 7, 0});
  const std::vector<T> all = scaled("standardise-all");  // of 1, 5, 3, 5: 3.5, and 11 / 4 squared
  for (std::size_t k = 0; k < 6; ++k) {
    const double value = std::vector{1, 5, 3, 5, 9, 7}[k];
    CHECK(all[k] == doctest::Approx((value - 3.5) / std::sqrt(2.75)).epsilon(1e-6));
  }
  CHECK(scaled("unit") == std::vector<T>{T(1) / 5, 1, T(3) / 5, 1, T(9) / 5, T(7) / 5});
  data.maximum = 10;
  CHECK(scaled("unit") == std::vector<T>{T(0.1), T(0.5), T(0.3), T(0.5), T(0.9), T(0.7)});
}

TEST_CASE_TEMPLATE("bytes and floats of the same values make the same split", T, float, double) {
  Dataset floats = uneven(), bytes = uneven();
  std::vector<std::uint8_t> values(80);
  for (std::size_t k = 0; k < 80; ++k) values[k] = static_cast<std::uint8_t>(k);
  bytes.values = values;
  for (const std::string scale : {"unit", "standardise"}) {
    const Split<T> a = make_split<T>(floats, {.scale = scale}, 2);
    const Split<T> b = make_split<T>(bytes, {.scale = scale}, 2);
    CHECK(values_of(a.train.inputs) == values_of(b.train.inputs));
    CHECK(values_of(a.test.inputs) == values_of(b.test.inputs));
  }
}

TEST_CASE_TEMPLATE("inputs, labels and targets of a part belong together", T, float, double) {
  const Dataset data = uneven();
  for (const std::string targets : {"one-hot", "signed"}) {
    const Split<T> split = make_split<T>(
        data, {.split = {.train = 0.5, .validation = 0.2}, .scale = "raw", .targets = targets}, 9);
    for (const Partition<T>* part : {&split.train, &split.validation, &split.test}) {
      REQUIRE(part->inputs.n_cols == part->size());
      REQUIRE(part->targets.n_cols == part->size());
      REQUIRE(part->size() > 0);
      for (arma::uword k = 0; k < part->size(); ++k) {
        CHECK(part->labels[k] == data.labels[static_cast<std::size_t>(part->inputs(0, k))]);
        for (std::uint32_t c = 0; c < 3; ++c) {
          const T other = targets == "signed" ? T(-1) : T(0);
          CHECK(part->targets(c, k) == (c == part->labels[k] ? T(1) : other));
        }
      }
    }
  }
}

TEST_CASE("wrong scales and targets are named, and unit refuses negative values") {
  Dataset data = uneven();
  check_error(Code::E503, "did you mean 'standardise'?",
              [&] { (void)make_split<float>(data, {.scale = "standardize"}, 1); });
  check_error(Code::E503, "did you mean 'one-hot'?",
              [&] { (void)make_split<float>(data, {.targets = "onehot"}, 1); });
  std::get<std::vector<float>>(data.values)[7] = -3;
  check_error(Code::E403, "found -3", [&] { (void)make_split<float>(data, {}, 1); });
  CHECK_NOTHROW((void)make_split<float>(data, {.scale = "standardise"}, 1));
}

TEST_CASE_TEMPLATE("label inputs take the place of the first features, and tell nothing", T, float,
                   double) {
  Dataset data = labelled({0, 1, 0, 1, 0, 1, 0, 1}, 2);
  data.features = 3;
  std::vector<float> values;
  for (std::size_t k = 0; k < 24; ++k) values.push_back(static_cast<float>(k + 1));
  data.values = values;
  TaskSpec spec;
  spec.scale = "raw";
  const Split<T> plain = make_split<T>(data, spec, 1);
  spec.has_label_inputs = true;
  const Split<T> split = make_split<T>(data, spec, 1);
  for (const auto part : {&Split<T>::train, &Split<T>::test}) {
    const arma::Mat<T>& inputs = (split.*part).inputs;
    CHECK(arma::all(arma::vectorise(inputs.head_rows(2)) == T(0.5)));
    CHECK(arma::all(inputs.row(2) == (plain.*part).inputs.row(2)));
  }
  data.features = 1;
  CHECK(error_of([&] { (void)make_split<T>(data, spec, 1); }).code() == Code::E503);
}
