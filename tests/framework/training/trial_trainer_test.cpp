// SPDX-License-Identifier: Apache-2.0
// The training loop on trials against a simulation in scalars.
#include "training/trial_trainer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "core/random.hpp"
#include "core/state.hpp"
#include "count_allocations.hpp"
#include "tiny_trials.hpp"
#include "training/feedback.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
constexpr double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;

bool is_near(const arma::mat& a, const arma::mat& b, double tolerance) {
  return a.n_rows == b.n_rows && a.n_cols == b.n_cols &&
         arma::approx_equal(a, b, "absdiff", tolerance);
}

constexpr std::size_t k_own = 1;  // of the connections: input, recurrent, output

// Not the same for any two synapses, of either sign, and different in every trial.
arma::mat changing(const Shown& shown) {
  arma::mat change(6, 6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      change(i, j) = std::sin(static_cast<double>(1 + i + 7 * j + 40 * shown.index));
    }
  }
  return change;
}

bool same_bits(const std::vector<arma::mat>& a, const std::vector<arma::mat>& b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (!is_near(a[c], b[c], 0)) return false;
  }
  return a.size() == b.size();
}

}  // namespace

TEST_CASE_TEMPLATE("a rule is shown the perturbed trial, as scalars give it", T, float, double) {
  const TinyTask task;
  TrainingSpec training = tiny_training();
  training.reward.offset = 0.25;
  TrialTrainer<T> trainer(
      tiny_network(), training,
      {watch(k_activity | k_reward | k_noise | bits({DELTAW_LEARNING_SIGNAL}), changing)}, task, 3);
  std::map<std::uint32_t, double> expected;  // reward by kind
  std::size_t events = 0;
  for (std::uint64_t trial = 0; trial < 12; ++trial) {
    CAPTURE(trial);
    const auto weights = weights_of(trainer.network());
    const double error = trainer.train_trial();
    REQUIRE(watcher.shown.size() == trial + 1);
    const Shown& shown = watcher.shown.back();
    const Trial made = task.trial(3, trial);
    const auto near = [](const arma::mat& a, const arma::mat& b) {
      return is_near(a, b, tolerance<T>);
    };
    const Course course = simulate(weights[k_own], weights[0], made.inputs, start_of(shown),
                                   shown[DELTAW_PERTURBATION], task.dt());
    CHECK(shown.index == trial);
    CHECK(shown.step == 0);
    CHECK(shown.columns == 40);
    CHECK(shown.dt == 2);
    CHECK(shown[DELTAW_TRIAL_KIND](0) == static_cast<double>(trial % 2));
    CHECK(near(shown[DELTAW_POTENTIAL], course.x));
    CHECK(near(shown[DELTAW_POST], course.r));
    CHECK(near(shown[DELTAW_PRE].tail_cols(39), course.r.head_cols(39)));
    CHECK(near(shown[DELTAW_DERIVATIVE], 1 - course.r % course.r));
    CHECK(is_near(shown[DELTAW_WEIGHTS], weights[k_own], 0));

    const double by_hand = error_of(course, made);
    CHECK(error == doctest::Approx(by_hand).epsilon(10 * tolerance<T>));
    REQUIRE(shown[DELTAW_REWARD].n_elem == 1);
    CHECK(shown[DELTAW_REWARD](0) == doctest::Approx(0.25 - by_hand).epsilon(10 * tolerance<T>));
    double& mean = expected[made.kind];
    CHECK(shown[DELTAW_BASELINE](0) == doctest::Approx(mean).epsilon(10 * tolerance<T>));
    mean = 0.75 * mean + 0.25 * (0.25 - by_hand);

    const arma::mat& noise = shown[DELTAW_PERTURBATION];
    CHECK(arma::abs(noise).max() < 4);
    CHECK(arma::all(arma::vectorise(noise.head_cols(4)) == 0));  // from 7 ms: step 4
    events += arma::accu(noise != 0);
    arma::mat asked = made.target - course.r.row(k_selected);
    asked.head_cols(28).zeros();
    asked.tail_cols(2).zeros();
    const Buffer<T> feedback = feedback_weights(trainer.network(), 2, 3);
    CHECK(near(shown[DELTAW_LEARNING_SIGNAL],
               arma::conv_to<arma::mat>::from(feedback.all()) * asked));
    CHECK(near(shown[DELTAW_LEARNING_SIGNAL].row(k_selected), asked));
  }
  // 6 units, 36 steps of 2 ms, 25 Hz, 12 trials: 129.6 events.
  CHECK(std::abs(static_cast<double>(events) - 129.6) < 5 * std::sqrt(129.6 * 0.95));
}

TEST_CASE("a rule that sees no reward is shown the trial without noise, though others explore") {
  const TinyTask task;
  DriveSpec explorer = watch(k_reward);
  explorer.connections = {"input>recurrent"};
  NetworkSpec network = tiny_network();
  network.connections[0].plastic = true;
  TrialTrainer<double> trainer(network, tiny_training(), {explorer, watch(k_activity)}, task, 5);
  trainer.train_trial();
  REQUIRE(watcher.shown.size() == 2);  // the clean pass comes first
  const Shown& shown = watcher.shown.front();
  CHECK(shown[DELTAW_REWARD].empty());
  const auto weights = weights_of(trainer.network());
  const Course course =
      simulate(weights[k_own], weights[0], task.trial(5, 0).inputs, start_of(shown), {}, task.dt());
  CHECK(is_near(shown[DELTAW_POTENTIAL], course.x, 1e-12));
  CHECK(watcher.shown.back()[DELTAW_REWARD].n_elem == 1);
}

TEST_CASE("starts are uniform in (-initial, initial), others for every trial, and clamped") {
  const TinyTask task;
  TrialTrainer<double> trainer(tiny_network(), tiny_training(), {watch(k_activity)}, task, 1);
  double sum = 0, squares = 0, most = 0;
  arma::vec before(6);
  for (int trial = 0; trial < 200; ++trial) {
    trainer.train_trial();
    const arma::vec x = start_of(watcher.shown.back());
    CHECK(x[k_clamped] == doctest::Approx(k_clamp));
    CHECK(x[0] != before[0]);
    before = x;
    for (const arma::uword i : {0u, 2u, 3u, 4u, 5u}) {
      sum += x[i];
      squares += x[i] * x[i];
      most = std::max(most, std::abs(x[i]));
    }
  }
  const double n = 1000, variance = k_initial * k_initial / 3;
  CHECK(most < k_initial);
  CHECK(most > 0.95 * k_initial);
  CHECK(std::abs(sum / n) < 5 * std::sqrt(variance / n));
  CHECK(squares / n == doctest::Approx(variance).epsilon(0.15));
}

TEST_CASE_TEMPLATE("changes go through clip and rate into the weights, but not in the warm-up", T,
                   float, double) {
  const TinyTask task;
  TrainingSpec training = tiny_training();
  training.warm_up = 2;
  DriveSpec drive = watch(k_reward | k_noise, changing);
  drive.optimizer.rate = 0.125;
  drive.optimizer.clip = 0.5;
  TrialTrainer<T> trainer(tiny_network(), training, {drive}, task, 1);
  auto expected = weights_of(trainer.network());
  for (std::uint64_t trial = 0; trial < 6; ++trial) {
    CAPTURE(trial);
    trainer.train_trial();
    CHECK(trainer.trials() == trial + 1);
    CHECK(trainer.updates() == (trial < 2 ? 0 : trial - 1));
    if (trial >= 2) {
      Shown shown{};
      shown.index = trial;
      expected[k_own] += 0.125 * arma::clamp(changing(shown), -0.5, 0.5);
    }
    const auto weights = weights_of(trainer.network());
    CHECK(is_near(weights[k_own], expected[k_own], tolerance<T>));
    CHECK(is_near(weights[0], expected[0], 0));  // not plastic
    CHECK(is_near(weights[2], expected[2], 0));
  }
  CHECK(watcher.shown.size() == 6);  // in the warm-up too
}

TEST_CASE("several draws of noise for one trial give the mean of their changes and errors") {
  const TinyTask task;
  TrainingSpec training = tiny_training();
  training.exploration.draws = 3;
  const auto reward = [](const Shown& shown) {
    return arma::mat(6, 6, arma::fill::value(shown[DELTAW_REWARD](0)));
  };
  DriveSpec drive = watch(k_activity | k_reward | k_noise, reward);
  drive.optimizer.rate = 1;
  TrialTrainer<double> trainer(tiny_network(), training, {drive}, task, 2);
  const arma::mat before = weights_of(trainer.network())[k_own];
  const double error = trainer.train_trial();
  REQUIRE(watcher.shown.size() == 3);
  double mean = 0;
  for (const Shown& shown : watcher.shown) {
    mean += shown[DELTAW_REWARD](0) / 3;
    CHECK(is_near(shown[DELTAW_PRE].col(0), watcher.shown[0][DELTAW_PRE].col(0), 0));
  }
  CHECK_FALSE(
      is_near(watcher.shown[0][DELTAW_PERTURBATION], watcher.shown[1][DELTAW_PERTURBATION], 0));
  CHECK(error == doctest::Approx(-mean));
  CHECK(is_near(weights_of(trainer.network())[k_own], before + mean, 1e-12));
  trainer.train_trial();
  CHECK_FALSE(
      is_near(watcher.shown[3][DELTAW_PERTURBATION], watcher.shown[2][DELTAW_PERTURBATION], 0));
}

TEST_CASE("a rule of grain batch is shown the whole trial in one block too") {
  const TinyTask task;
  TrialTrainer<double> by_trial(tiny_network(), tiny_training(),
                                {watch(k_activity | k_reward | k_noise)}, task, 1);
  by_trial.train_trial();
  const Shown trial = watcher.shown.front();
  DriveSpec drive = watch(k_activity | k_reward | k_noise);
  drive.rule.grain = Grain::batch;
  TrialTrainer<double> by_batch(tiny_network(), tiny_training(), {drive}, task, 1);
  by_batch.train_trial();
  const Shown& batch = watcher.shown.front();
  CHECK(batch.columns == 40);
  for (std::uint32_t s = 0; s < DELTAW_SIGNAL_COUNT; ++s) CHECK(is_near(batch[s], trial[s], 0));
}

TEST_CASE("arms of one seed meet the same trials, starts and noise, whatever they see and do") {
  const TinyTask task;
  TrialTrainer<double> told(tiny_network(), tiny_training(),
                            {watch(k_activity | k_reward | k_noise)}, task, 4);
  for (int trial = 0; trial < 5; ++trial) told.train_trial();
  const auto shown = watcher.shown;
  TrialTrainer<double> untold(tiny_network(), tiny_training(),
                              {watch(k_activity | k_reward, changing)}, task, 4);
  for (std::uint64_t trial = 0; trial < 5; ++trial) {
    CAPTURE(trial);
    const auto weights = weights_of(untold.network());
    untold.train_trial();
    const Shown& other = watcher.shown.back();
    CHECK(other[DELTAW_PERTURBATION].empty());
    // Its own weights with the noise that the first arm was shown.
    const Course course =
        simulate(weights[k_own], weights[0], task.trial(4, trial).inputs, start_of(shown[trial]),
                 shown[trial][DELTAW_PERTURBATION], task.dt());
    CHECK(is_near(other[DELTAW_POTENTIAL], course.x, 1e-12));
  }
}

TEST_CASE_TEMPLATE("same seed, same bits; another seed, others", T, float, double) {
  const TinyTask task;
  const auto trained = [&](std::uint64_t seed) {
    TrialTrainer<T> trainer(tiny_network(), tiny_training(),
                            {watch(k_reward,
                                   [](const Shown& s) {
                                     return arma::mat(6, 6, arma::fill::value(s[DELTAW_REWARD](0)));
                                   })},
                            task, seed);
    for (int trial = 0; trial < 7; ++trial) trainer.train_trial();
    return weights_of(trainer.network());
  };
  CHECK(same_bits(trained(1), trained(1)));
  CHECK_FALSE(same_bits(trained(1), trained(2)));
}

TEST_CASE_TEMPLATE("a resumed run ends in the same bits as an uninterrupted one", T, float,
                   double) {
  const TinyTask task;
  const auto make = [&] {
    DriveSpec drive = watch(k_reward, [](const Shown& shown) {
      return arma::mat(changing(shown) * (shown[DELTAW_REWARD](0) - shown[DELTAW_BASELINE](0)));
    });
    drive.optimizer.type = "adam";
    return std::make_unique<TrialTrainer<T>>(tiny_network(), tiny_training(), std::vector{drive},
                                             task, 6);
  };
  const auto whole = make(), first = make();
  std::vector<double> errors;
  for (int trial = 0; trial < 9; ++trial) errors.push_back(whole->train_trial());
  for (std::size_t trial = 0; trial < 5; ++trial) CHECK(first->train_trial() == errors[trial]);
  StateWriter writer;
  first->save(writer);
  const auto second = make();
  StateReader reader(writer.bytes());
  second->load(reader);
  reader.finish();
  CHECK(second->trials() == 5);
  CHECK(second->seconds() == first->seconds());
  for (std::size_t trial = 5; trial < 9; ++trial) CHECK(second->train_trial() == errors[trial]);
  CHECK(same_bits(weights_of(whole->network()), weights_of(second->network())));
}

TEST_CASE("a test does not disturb the training, and its start depends on purpose and number") {
  const TinyTask task;
  const auto make = [&] {
    return std::make_unique<TrialTrainer<double>>(
        tiny_network(), tiny_training(), std::vector{watch(k_activity | k_reward, changing)}, task,
        8);
  };
  const auto tested = make();
  tested->train_trial();
  const auto weights = weights_of(tested->network());
  const Trial trial = task.of_kind(1, 8, 3);
  const double error = tested->error_of(trial, "test", 0);
  const arma::mat x = tested->activity().potential(2);
  const arma::vec start = arma::mat(tested->activity().start(2)).col(0);
  const Course course = simulate(weights[k_own], weights[0], trial.inputs, start, {}, task.dt());
  CHECK(is_near(arma::mat(x), course.x, 1e-12));
  CHECK(error == doctest::Approx(error_of(course, trial)));
  CHECK(tested->error_of(trial, "test", 1) != error);
  CHECK(tested->error_of(trial, "another", 0) != error);
  CHECK(tested->error_of(trial, "test", 0) == error);
  CHECK(tested->trials() == 1);
  const double next = tested->train_trial();
  const auto alone = make();
  alone->train_trial();
  CHECK(alone->train_trial() == next);
}

TEST_CASE("what a trial allocates does not grow with the network") {
  if (!k_counts_allocations) return;
  const TinyTask task;
  const auto allocated = [&](std::size_t units) {
    const auto nothing = [](const Shown&) {
      watcher.shown.clear();
      return arma::mat();
    };
    DriveSpec drive = watch(0, nothing);
    drive.rule.signals = k_reward;
    TrialTrainer<float> trainer(tiny_network(units), tiny_training(), {drive}, task, 1);
    for (int trial = 0; trial < 10; ++trial) trainer.train_trial();
    return count_allocations([&] { trainer.train_trial(); });
  };
  const std::size_t small = allocated(6);
  CHECK(small == allocated(400));
  CHECK(small <= 4);  // inputs and target of the trial, and names
}
