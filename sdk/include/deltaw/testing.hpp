// SPDX-License-Identifier: Apache-2.0
// Tries a rule of local scope without a host. It goes through the same table of functions, gets the
// signals that it declares and no others, and its ΔW comes back:
//
//   deltaw::testing::Probe<Oja, double> oja({{"decay", 1.0}}, outputs, inputs);
//   oja.set(deltaw::pre, x).set(deltaw::post, y).set(deltaw::weights, w);
//   const arma::mat change = oja.update();
//
// A rule of spikes is told of them step by step, and may change weights in place:
//
//   deltaw::testing::Probe<PairStdp, float> stdp({}, outputs, inputs);
//   stdp.set_spikes(deltaw::spikes_pre, {3}).set_spikes(deltaw::spikes_post, {}).set_time(12, 0.5);
//   stdp.update_in_place(w);
//
// One thread a probe.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <deltaw/draws.hpp>
#include <deltaw/rule.hpp>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace deltaw::testing {

// What a call of the rule answered in place of DELTAW_OK.
struct Failure : std::runtime_error {
  Failure(const std::string& call, deltaw_status code, const std::string& message)
      : std::runtime_error(call + " failed with status " + std::to_string(code) + ": " + message),
        status(code) {}
  deltaw_status status;
};

struct Parameter {
  std::string name;
  Setup::Value value;
};

template <template <class> class Rule, class T>
class Probe {
 public:
  // Creates and prepares the rule. Parameters: all of its manifest, as nothing fills in defaults
  // here. Throws Failure when the rule refuses.
  Probe(std::vector<Parameter> parameters, arma::uword outputs, arma::uword inputs,
        arma::uword max_columns = 256, std::uint64_t seed = 1)
      : parameters_(std::move(parameters)),
        outputs_(outputs),
        inputs_(inputs),
        max_columns_(max_columns),
        seed_(seed) {
    std::vector<deltaw_param> params;
    for (const Parameter& p : parameters_) params.push_back(as_param(p));
    call("create", [&](deltaw_error* error) {
      return plugin().create(&host_, Rule<T>::id, params.data(), params.size(), &rule_, error);
    });
    const deltaw_connection_shape connection = {"probe", outputs, inputs};
    const deltaw_shape shape = {sizeof shape, dtype_of<T>(), max_columns, 1, &connection};
    try {
      call("prepare", [&](deltaw_error* e) { return rule_.prepare(rule_.self, &shape, e); });
    } catch (const Failure&) {
      rule_.destroy(rule_.self);
      throw;
    }
  }
  ~Probe() { rule_.destroy(rule_.self); }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // Gives a signal for the blocks that follow, until it is set anew. Throws std::invalid_argument
  // for a signal that the rule does not declare, or with the wrong number of rows.
  Probe& set(std::uint64_t signal, arma::Mat<T> values) {
    const std::uint32_t i = index_of(signal);
    if (is_shaped_as_weights(i) && values.n_cols != inputs_) refuse(i, "columns", inputs_);
    if (has_units(i)) {
      const arma::uword rows = i == DELTAW_PRE ? inputs_ : outputs_;
      if (values.n_rows != rows) refuse(i, "rows", rows);
    }
    values_[i] = std::move(values);
    return *this;
  }
  // Time of the blocks that follow: index of the first column within its trial, ms between columns.
  Probe& set_time(std::uint64_t step, double dt) {
    step_ = step;
    dt_ = dt;
    return *this;
  }
  // Bounds of the weights, for the blocks that follow; none at first.
  Probe& set_bounds(double lower, double upper) {
    lower_ = lower;
    upper_ = upper;
    return *this;
  }
  // set() for trial_kind (1 x 1) and spikes (2 x n).
  Probe& set_events(std::uint64_t signal, arma::Mat<arma::u32> values) {
    values_[index_of(signal)] = std::move(values);
    return *this;
  }
  // The units that spike in a block of one step.
  Probe& set_spikes(std::uint64_t signal, const std::vector<std::uint32_t>& units) {
    arma::Mat<arma::u32> events(2, units.size(), arma::fill::zeros);
    for (std::size_t k = 0; k < units.size(); ++k) events(0, k) = units[k];
    return set_events(signal, std::move(events));
  }
  // Steps from departure to arrival (outputs x inputs), 255 where there is no synapse.
  Probe& set_delays(arma::Mat<arma::u8> steps) {
    const std::uint32_t i = index_of(delays);
    if (steps.n_rows != outputs_) refuse(i, "rows", outputs_);
    if (steps.n_cols != inputs_) refuse(i, "columns", inputs_);
    values_[i] = std::move(steps);
    return *this;
  }
  // Takes a signal away that not every block has: delays and, among spikes, reward and baseline.
  Probe& unset(std::uint64_t signal) {
    values_[index_of(signal)] = std::monostate{};
    return *this;
  }

  // ΔW (outputs x inputs) of one update. Throws Failure when the rule fails, std::logic_error when
  // it writes into a signal, std::invalid_argument when a declared signal is missing.
  arma::Mat<T> update() {
    arma::Mat<T> delta(outputs_, inputs_, arma::fill::zeros);
    update_into(delta);
    return delta;
  }
  // One update of the weights themselves (outputs x inputs): w = clamp(w + scale d). They are the
  // signal `weights` too. Throws as update(), and std::invalid_argument for a rule that does not
  // declare DELTAW_CAP_IN_PLACE or weights of another shape.
  void update_in_place(arma::Mat<T>& w, double scale = 1) {
    if ((detail::CapabilitiesOf<Rule<T>>::value & DELTAW_CAP_IN_PLACE) == 0) {
      throw std::invalid_argument("the rule does not declare that it can change weights in place");
    }
    if (w.n_rows != outputs_) refuse(DELTAW_WEIGHTS, "rows", outputs_);
    if (w.n_cols != inputs_) refuse(DELTAW_WEIGHTS, "columns", inputs_);
    in_place_ = &w;
    scale_ = scale;
    try {
      update_into(w);
    } catch (...) {
      in_place_ = nullptr;
      throw;
    }
    in_place_ = nullptr;
  }
  // Shows a block that precedes the one of the next update().
  void observe() {
    if (rule_.observe == nullptr) return;
    with_block([&](const deltaw_block& block) {
      call("observe", [&](deltaw_error* e) { return rule_.observe(rule_.self, &block, e); });
    });
  }
  void reset() {
    rule_.reset(rule_.self);
    updates_ = 0;
  }

  // What the rule carries from one update to the next; empty when it declares no state().
  [[nodiscard]] std::string save() {
    std::string bytes;
    if (const deltaw_state* state = this->state()) {
      call("save", [&](deltaw_error* e) { return state->save(rule_.self, append, &bytes, e); });
    }
    return bytes;
  }
  // Throws Failure when the bytes are too few or of another shape.
  void load(std::string bytes) {
    if (const deltaw_state* state = this->state()) {
      call("load", [&](deltaw_error* e) { return state->load(rule_.self, take, &bytes, e); });
    }
    if (!bytes.empty()) throw Failure("load", DELTAW_E_STATE, "the saved state is too long");
  }

  // What the rule shows under a name. Throws std::invalid_argument when it shows no such.
  [[nodiscard]] arma::Mat<T> shown(const std::string& wanted) {
    const auto* monitor =
        static_cast<const deltaw_monitor*>(rule_.get_extension(rule_.self, "deltaw.monitor/1"));
    for (std::uint32_t i = 0; monitor != nullptr && i < monitor->count(rule_.self); ++i) {
      const char* name = nullptr;
      deltaw_matrix values{};
      call("show",
           [&](deltaw_error* e) { return monitor->show(rule_.self, i, &name, &values, e); });
      if (name == wanted) return arma::Mat<T>(view<T>(values));
    }
    throw std::invalid_argument("the rule shows no '" + wanted + "'");
  }

 private:
  using Value =
      std::variant<std::monostate, arma::Mat<T>, arma::Mat<arma::u32>, arma::Mat<arma::u8>>;

  void update_into(arma::Mat<T>& changed) {
    const deltaw_matrix matrix = matrix_of(changed);
    with_block([&](const deltaw_block& block) {
      call("update", [&](deltaw_error* error) {
        return rule_.update(rule_.self, &block, &matrix, 1, error);
      });
    });
    ++updates_;
  }

  static const deltaw_plugin& plugin() { return *detail::Table<Rule>::table(); }

  static deltaw_param as_param(const Parameter& p) {
    deltaw_param out{p.name.c_str(), 0, 0, {}};
    if (const auto* number = std::get_if<double>(&p.value)) {
      out.kind = DELTAW_PARAM_F64;
      out.value.f64 = *number;
    } else if (const auto* integer = std::get_if<std::int64_t>(&p.value)) {
      out.kind = DELTAW_PARAM_I64;
      out.value.i64 = *integer;
    } else if (const auto* boolean = std::get_if<bool>(&p.value)) {
      out.kind = DELTAW_PARAM_BOOL;
      out.value.i64 = *boolean;
    } else {
      out.kind = DELTAW_PARAM_STR;
      out.value.str = std::get<std::string>(p.value).c_str();
    }
    return out;
  }

  static std::uint32_t index_of(std::uint64_t signal) {
    for (std::uint32_t i = 0; i < DELTAW_SIGNAL_COUNT; ++i) {
      if (signal != DELTAW_SIGNAL_BIT(i)) continue;
      if ((Rule<T>::signals & signal) != 0) return i;
      throw std::invalid_argument(std::string("the rule does not declare the signal '") +
                                  detail::name_of_signal(i) + "'");
    }
    throw std::invalid_argument("set() takes one signal: deltaw::pre, deltaw::post, ...");
  }
  // Whether its rows are the units of a layer.
  static bool has_units(std::uint32_t signal) {
    return signal < DELTAW_REWARD || signal == DELTAW_LEARNING_SIGNAL ||
           signal == DELTAW_WEIGHT_PERTURBATION;
  }
  static bool is_shaped_as_weights(std::uint32_t signal) {
    return signal == DELTAW_WEIGHTS || signal == DELTAW_WEIGHT_PERTURBATION;
  }
  static bool is_optional(std::uint32_t signal) {
    const bool has_spikes = (Rule<T>::signals & (spikes_pre | spikes_post)) != 0;
    return signal == DELTAW_DELAYS ||
           (has_spikes && (signal == DELTAW_REWARD || signal == DELTAW_BASELINE));
  }
  [[noreturn]] static void refuse(std::uint32_t signal, const char* what, arma::uword count) {
    throw std::invalid_argument(std::string("signal '") + detail::name_of_signal(signal) +
                                "' must have " + std::to_string(count) + " " + what);
  }

  template <class F>
  static void call(const char* name, F f) {
    deltaw_error error{};
    error.struct_size = sizeof error;
    const deltaw_status status = f(&error);
    if (status != DELTAW_OK) throw Failure(name, status, error.message);
  }

  // K: the columns of all signals that have one for each observation; 1 without any.
  arma::uword columns() const {
    arma::uword k = 0;
    for (std::uint32_t i = 0; i < DELTAW_SIGNAL_COUNT; ++i) {
      const auto* values = std::get_if<arma::Mat<T>>(&values_[i]);
      if (values == nullptr || !has_units(i) || is_shaped_as_weights(i)) continue;
      if (k != 0 && values->n_cols != k) refuse(i, "columns, as the others", k);
      k = values->n_cols;
    }
    if (k > max_columns_) throw std::invalid_argument("the block is wider than max_columns");
    return k == 0 ? 1 : k;
  }

  template <class F>
  void with_block(F f) {
    std::array<deltaw_matrix, DELTAW_SIGNAL_COUNT> matrices{};
    std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals{};
    for (std::uint32_t i = 0; i < DELTAW_SIGNAL_COUNT; ++i) {
      if ((Rule<T>::signals & DELTAW_SIGNAL_BIT(i)) == 0) continue;
      if (i == DELTAW_WEIGHTS && in_place_ != nullptr) {
        matrices[i] = matrix_of(*in_place_, DELTAW_READONLY);
      } else if (std::holds_alternative<std::monostate>(values_[i])) {
        if (is_optional(i)) continue;
        throw std::invalid_argument(std::string("the signal '") + detail::name_of_signal(i) +
                                    "' is declared but was not set");
      } else {
        std::visit(
            [&](const auto& values) {
              if constexpr (!std::is_same_v<decltype(values), const std::monostate&>) {
                matrices[i] = matrix_of(values, DELTAW_READONLY);
              }
            },
            values_[i]);
      }
      signals[i] = &matrices[i];
    }
    const deltaw_block block = {sizeof block,
                                DELTAW_SIGNAL_COUNT,
                                updates_,
                                step_,
                                columns(),
                                dt_,
                                signals.data(),
                                in_place_ == nullptr ? 0U : std::uint32_t{DELTAW_BLOCK_IN_PLACE},
                                0,
                                lower_,
                                upper_,
                                in_place_ == nullptr ? 1 : scale_};
    const auto before = values_;
    f(block);
    for (std::uint32_t i = 0; i < DELTAW_SIGNAL_COUNT; ++i) {
      if (signals[i] == nullptr || (i == DELTAW_WEIGHTS && in_place_ != nullptr)) continue;
      const bool is_same = std::visit(
          [](const auto& a, const auto& b) {
            if constexpr (std::is_same_v<decltype(a), decltype(b)>) {
              if constexpr (!std::is_same_v<decltype(a), const std::monostate&>) {
                return a.empty() ||
                       std::memcmp(a.memptr(), b.memptr(), a.n_elem * sizeof a[0]) == 0;
              }
            }
            return false;
          },
          before[i], values_[i]);
      if (!is_same) {
        throw std::logic_error(std::string("the rule wrote into the signal '") +
                               detail::name_of_signal(i) + "'");
      }
    }
  }

  const deltaw_state* state() {
    return static_cast<const deltaw_state*>(rule_.get_extension(rule_.self, "deltaw.state/1"));
  }
  static deltaw_status append(void* ctx, const void* bytes, std::uint64_t n) {
    static_cast<std::string*>(ctx)->append(static_cast<const char*>(bytes), n);
    return DELTAW_OK;
  }
  static deltaw_status take(void* ctx, void* bytes, std::uint64_t n) {
    auto& rest = *static_cast<std::string*>(ctx);
    if (n > rest.size()) return DELTAW_E_STATE;
    std::memcpy(bytes, rest.data(), n);
    rest.erase(0, n);
    return DELTAW_OK;
  }

  static deltaw_status draw(const Probe& probe, bool is_normal, std::uint64_t stream,
                            std::uint64_t counter, const deltaw_matrix& out) {
    if (out.dtype != dtype_of<T>()) return DELTAW_E_UNSUPPORTED;
    Draws draws(probe.seed_, stream, counter);
    arma::Mat<T> values = view<T>(out);
    const T last = std::nextafter(T(1), T(0));  // a float below 1, where rounding would give 1
    for (T& x : values) {
      x = is_normal ? static_cast<T>(draws.normal())
                    : std::min(static_cast<T>(draws.uniform()), last);
    }
    return DELTAW_OK;
  }
  static deltaw_status draw_normal(void* ctx, std::uint64_t stream, std::uint64_t counter,
                                   const deltaw_matrix* out) {
    return draw(*static_cast<Probe*>(ctx), true, stream, counter, *out);
  }
  static deltaw_status draw_uniform(void* ctx, std::uint64_t stream, std::uint64_t counter,
                                    const deltaw_matrix* out) {
    return draw(*static_cast<Probe*>(ctx), false, stream, counter, *out);
  }
  static void ignore_log(void*, std::int32_t, const char*) {}
  static const void* get_extension(void* ctx, const char* id) {
    return std::strcmp(id, "deltaw.random/1") == 0 ? &static_cast<Probe*>(ctx)->random_ : nullptr;
  }

  std::vector<Parameter> parameters_;
  arma::uword outputs_, inputs_, max_columns_;
  std::uint64_t seed_, updates_ = 0, step_ = 0;
  double dt_ = 0, scale_ = 1;
  arma::Mat<T>* in_place_ = nullptr;  // weights, during an update of themselves
  double lower_ = -std::numeric_limits<double>::infinity();
  double upper_ = std::numeric_limits<double>::infinity();
  std::array<Value, DELTAW_SIGNAL_COUNT> values_;
  deltaw_random random_{sizeof(deltaw_random), 0, this, draw_normal, draw_uniform};
  deltaw_host host_{sizeof(deltaw_host), DELTAW_ABI_MINOR, this, ignore_log, get_extension};
  deltaw_rule rule_{};
};

}  // namespace deltaw::testing
