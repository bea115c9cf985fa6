// SPDX-License-Identifier: Apache-2.0
// The loop.
#include "training/trial_trainer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "network/initialise.hpp"
#include "training/divergence.hpp"
#include "training/fit.hpp"
#include "training/sum_over_drivers.hpp"
#include "training/weights.hpp"

namespace deltaw {
namespace {

void check_fit(const Graph& graph, const LossSpec& loss, const TrialTask& task) {
  if (loss.is_none()) {
    throw Error(Code::E503, "a task in trials needs a loss",
                {.found = "none", .hint = "\"loss\": \"absolute\" or \"mse\""});
  }
  if (!graph.has_time()) {
    throw Error(Code::E204, "a task in trials needs a network with time",
                {.expected = "a layer with dynamics",
                 .found = "a static network",
                 .hint = "\"dynamics\": \"rate\" on a layer"});
  }
  require_units(graph.layers[graph.input], task.channels(), "channel", "the task");
  require_units(graph.layers[graph.output], task.outputs(), "output", "the task");
}

// Before anything is allocated: potentials and posts, clean and perturbed, of every step.
template <class T>
const Graph& check_memory(const Graph& graph, const TrialTask& task) {
  double units = 0;
  for (const Graph::Layer& layer : graph.layers) units += static_cast<double>(layer.units);
  const double needed = 5 * units * static_cast<double>(task.steps()) * sizeof(T);
  const double there =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  constexpr double k_gib = 1024.0 * 1024 * 1024;
  if (needed > there) {
    throw Error(Code::E003,
                fmt::format("a trial of {} steps does not fit into memory", task.steps()),
                {.expected = fmt::format("at most {:.1f} GiB", there / k_gib),
                 .found = fmt::format("{:.1f} GiB", needed / k_gib),
                 .hint = "a shorter trial, a larger \"dt\", or fewer units"});
  }
  return graph;
}

Graph make_checked_graph(const NetworkSpec& spec, const LossSpec& loss, const TrialTask& task) {
  NetworkSpec timed = spec;
  timed.dt = task.dt();
  Graph graph = make_graph(timed);
  check_fit(graph, loss, task);
  return graph;
}

// So many windows, as equal as can be.
std::vector<Window> pieces_of(std::size_t steps, std::size_t count) {
  std::vector<Window> pieces;
  count = std::min(count, steps);
  for (std::size_t i = 0; i < count; ++i) {
    pieces.push_back({i * steps / count, (i + 1) * steps / count});
  }
  return pieces;
}

template <class T>
bool takes_pieces(const Driver<T>& driver) {
  return driver.needs_exploration() && driver.takes_pieces();
}

// Divergence says when it came.
[[noreturn]] void rethrow(const Error& failure, const std::string& when) {
  if (failure.code() != Code::E304) throw;
  throw Error(Code::E304, fmt::format("{}: {}", when, failure.headline()), failure.detail());
}

}  // namespace

template <class T>
TrialTrainer<T>::TrialTrainer(const NetworkSpec& network, const TrainingSpec& training,
                              std::vector<DriveSpec> drives, const TrialTask& task,
                              std::uint64_t seed)
    : spec_(training),
      task_(task),
      seed_(seed),
      network_(check_memory<T>(make_checked_graph(network, spec_.loss, task), task)),
      presentation_(network_, spec_, task.steps(), seed),
      reward_(spec_.reward, task.kinds(), task.dt()),
      is_clean_needed_(reward_.needs_clean_pass()) {
  initialise(network_, seed, arma::Mat<T>());
  synapses_ = network_.synapses_into(std::vector<bool>(network_.graph().layers.size(), true));
  for (DriveSpec& drive : drives) {
    drivers_.push_back(
        std::make_unique<Driver<T>>(std::move(drive), network_, presentation_, seed));
    all_drivers_.push_back(drivers_.back().get());
    const bool explores = drivers_.back()->needs_exploration();
    is_explored_ = is_explored_ || explores;
    is_taught_ = is_taught_ || is_taught(drivers_.back()->rule());
    is_rewarded_ = is_rewarded_ || is_rewarded(drivers_.back()->rule());
    is_clean_needed_ = is_clean_needed_ || !explores;
  }
  if (drivers_.empty()) is_clean_needed_ = true;
  if (spec_.pieces > 1 && reward_.count(task.steps()) > 1) {
    throw Error(Code::E503, "trials in pieces have a reward at every step",
                {.expected = "\"reward\": \"delayed\"", .hint = "\"pieces\": 1"});
  }
  if (spec_.warm_up >= spec_.trials) {
    throw Error(Code::E503, "all trials are warm-up, and nothing would be learnt",
                {.expected = fmt::format("\"warm_up\" below the {} trials", spec_.trials),
                 .found = fmt::format("{}", spec_.warm_up)});
  }
  pieces_ = pieces_of(task.steps(), spec_.pieces);
  if (spec_.pieces == 1) return;
  observer_ = std::make_unique<Observer>([this](const Window& piece) {
    for (auto& driver : drivers_) {
      if (takes_pieces(*driver)) driver->observe(trials_, piece);
    }
  });
}

template <class T>
void TrialTrainer<T>::present(const Trial& trial, std::string_view purpose, std::uint64_t number) {
  Presentation<T>& p = presentation_;
  const Graph& graph = network_.graph();
  p.set_columns(trial.inputs.n_cols);
  p.counted = trial.response;
  p.kind = trial.kind;
  p.rewards = reward_.count(p.columns());
  std::copy(trial.inputs.begin(), trial.inputs.end(), p.inputs().begin());
  std::copy(trial.target.begin(), trial.target.end(), p.target.data());
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    if (!graph.layers[layer].has_time()) continue;
    Random random(seed_, fmt::format("{}/{}", purpose, graph.layers[layer].name), number);
    const double width = graph.layers[layer].dynamics.initial;
    for (T& x : p.start(layer)) x = static_cast<T>(width * (2 * random.uniform() - 1));
  }
}

template <class T>
double TrialTrainer<T>::train_trial() {
  const double start = cpu_seconds();
  double watching = 0;
  Presentation<T>& p = presentation_;
  present(task_.trial(seed_, trials_), "start", trials_);
  double error = 0;
  try {
    for (auto& driver : drivers_) driver->clear();
    if (is_clean_needed_) run_clean();
    if (!is_explored_) error = error_in(p.clean);
    const std::size_t draws = is_explored_ ? spec_.exploration.draws : 0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
      run_perturbed(trials_ * draws + draw);
      error += error_in(p.perturbed) / static_cast<double>(draws);
    }
    if (is_explored_ && !reward_.needs_clean_pass()) {
      reward_.learn(p.kind, p.reward.data(), p.rewards);
    }
    count(draws);
    if (alignment_ && alignment_->is_watched(trials_)) {
      const double before = thread_seconds();
      if (!is_clean_needed_) p.run();
      alignment_->watch(trials_, all_drivers_, std::max<std::size_t>(draws, 1),
                        static_cast<double>(trials_ + 1));
      watching += thread_seconds() - before;
    }
    if (trials_ >= spec_.warm_up) {
      for (auto& driver : drivers_) {
        driver->apply(driver->needs_exploration() ? draws : 1, static_cast<double>(trials_),
                      static_cast<double>(spec_.trials));
      }
    }
  } catch (const Error& failure) {
    rethrow(failure, fmt::format("in trial {}", trials_ + 1));
  }
  ++trials_;
  check_weights();
  seconds_ += cpu_seconds() - start - watching;
  return error;
}

template <class T>
void TrialTrainer<T>::count(std::size_t draws) {
  const std::uint64_t passes = draws + (is_clean_needed_ ? 1 : 0);
  work_.multiply_adds += passes * synapses_ * presentation_.columns();
  if (is_taught_) work_.labels += 1;
}

// Where none is given there is no number.
template <class T>
void TrialTrainer<T>::count_rewards(const Buffer<T>& given) {
  if (!is_rewarded_) return;
  work_.rewards +=
      static_cast<std::uint64_t>(std::count_if(given.data(), given.data() + presentation_.rewards,
                                               [](T reward) { return !std::isnan(reward); }));
}

template <class T>
Work TrialTrainer<T>::work() const {
  Work work = work_of(drivers_);
  work += work_;
  return work;
}

template <class T>
std::size_t TrialTrainer<T>::state_bytes() const {
  return state_bytes_of(drivers_);
}

template <class T>
double TrialTrainer<T>::cpu_seconds() const {
  return thread_seconds() + (observer_ != nullptr ? observer_->seconds() : 0);
}

template <class T>
void TrialTrainer<T>::watch(AlignmentPlan plan) {
  const std::size_t every = plan.every > 0 ? plan.every : spec_.evaluate_every;
  const SnapshotTimes times{every, plan.length, spec_.trials};
  alignment_.emplace(
      std::move(plan), times,
      typename Alignment<T>::Run{network_, presentation_, all_drivers_, spec_, &reward_, seed_});
}

template <class T>
std::vector<AlignmentRow> TrialTrainer<T>::take_alignment() {
  return alignment_ ? alignment_->take() : std::vector<AlignmentRow>();
}

template <class T>
void TrialTrainer<T>::run_clean() {
  presentation_.run();
  for (auto& driver : drivers_) {
    if (!driver->needs_exploration()) driver->propose(trials_);
  }
}

template <class T>
void TrialTrainer<T>::run_perturbed(std::uint64_t draw) {
  Presentation<T>& p = presentation_;
  const std::size_t output = network_.graph().output;
  const arma::Mat<T> target = p.target.all();
  const Window& last = pieces_.back();
  try {
    p.explore(draw, pieces_, [&](const Window& piece) {
      if (piece.last < last.last) observer_->show(piece);
    });
  } catch (...) {
    if (observer_ != nullptr) observer_->abandon();
    throw;
  }
  if (observer_ != nullptr) observer_->finish();
  reward_.give(p.perturbed.post(output), target, p.counted, p.reward.data());
  count_rewards(p.reward);
  if (reward_.needs_clean_pass()) {
    reward_.give(p.clean.post(output), target, p.counted, p.baseline.data());
    count_rewards(p.baseline);
  } else {
    reward_.expect(p.kind, p.rewards, p.baseline.data());
  }
  for (auto& driver : drivers_) {
    if (!driver->needs_exploration()) continue;
    if (takes_pieces(*driver)) {
      driver->propose(trials_, last);
    } else {
      driver->propose(trials_);
    }
  }
}

template <class T>
double TrialTrainer<T>::error_of(const Trial& trial, std::string_view purpose,
                                 std::uint64_t number) {
  present(trial, purpose, number);
  try {
    presentation_.run();
    return error_in(presentation_.clean);
  } catch (const Error& failure) {
    rethrow(failure, fmt::format("in a test after trial {}", trials_));
  }
}

template <class T>
const Activity<T>& TrialTrainer<T>::disturbed(std::size_t layer,
                                              const typename Noise<T>::Place& place) {
  Noise<T> noise(network_.graph().layers.size());
  noise.in_places[layer].push_back(place);
  presentation_.disturb(noise);
  return presentation_.perturbed;
}

template <class T>
double TrialTrainer<T>::error_in(const Activity<T>& activity) const {
  const arma::Mat<T> target = presentation_.target.all();
  const double error =
      trial_error<T>(activity.post(network_.graph().output), target, presentation_.counted);
  if (std::isfinite(error)) return error;
  throw Error(Code::E304, fmt::format("the error became {}", error), {.hint = k_diverged_hint});
}

template <class T>
void TrialTrainer<T>::check_weights() const {
  if (has_finite_weights(network_)) return;
  refuse_weights(network_, drivers_, fmt::format("trial {}", trials_));
}

template <class T>
void TrialTrainer<T>::save(StateWriter& writer) const {
  writer.integer("trials", trials_);
  writer.real("seconds", seconds_);
  work().save(writer);
  save_weights(network_, writer);
  reward_.save(writer);
  for (const auto& driver : drivers_) driver->save(writer);
  if (alignment_) alignment_->save(writer);
}

template <class T>
void TrialTrainer<T>::load(StateReader& reader) {
  trials_ = reader.integer("trials");
  seconds_ = reader.real("seconds");
  work_.load(reader);
  load_weights(network_, reader);
  reward_.load(reader);
  for (auto& driver : drivers_) driver->load(reader);
  if (alignment_) alignment_->load(reader);
}

template class TrialTrainer<float>;
template class TrialTrainer<double>;

}  // namespace deltaw
