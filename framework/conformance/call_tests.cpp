// SPDX-License-Identifier: Apache-2.0
// The rule's own functions, called as no careful host would. A status is always an answer; what is
// asked is that there is one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "conformance/conformance_test.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

// A host that offers nothing.
const void* no_extension(void*, const char*) { return nullptr; }
void ignore_log(void*, std::int32_t, const char*) {}

// An instance by the bare functions of the ABI, with such a host.
class BareInstance {
 public:
  BareInstance(const deltaw_plugin& plugin, const std::string& id,
               const std::vector<deltaw_param>& parameters) {
    rule_.struct_size = sizeof rule_;
    status_ = call([&](deltaw_error* error) {
      return plugin.create(&host_, id.c_str(), parameters.data(), parameters.size(), &rule_, error);
    });
  }
  ~BareInstance() {
    if (status_ == DELTAW_OK && rule_.destroy != nullptr) rule_.destroy(rule_.self);
  }
  BareInstance(const BareInstance&) = delete;
  BareInstance& operator=(const BareInstance&) = delete;

  [[nodiscard]] deltaw_status status() const { return status_; }
  [[nodiscard]] bool has_thrown() const { return has_thrown_; }
  [[nodiscard]] bool has_observe() const { return rule_.observe != nullptr; }

  deltaw_status prepare(std::uint32_t dtype) {
    const deltaw_connection_shape connection = {"bare", 2, 3};
    const deltaw_shape shape = {sizeof shape, dtype, 4, 1, &connection};
    return call([&](deltaw_error* e) { return rule_.prepare(rule_.self, &shape, e); });
  }

 private:
  template <class F>
  deltaw_status call(const F& f) {
    deltaw_error error{};
    error.struct_size = sizeof error;
    try {
      return f(&error);
    } catch (...) {
      has_thrown_ = true;
      return DELTAW_E_INTERNAL;
    }
  }

  deltaw_host host_{sizeof(deltaw_host), DELTAW_ABI_MINOR, nullptr, ignore_log, no_extension};
  deltaw_rule rule_{};
  deltaw_status status_ = DELTAW_OK;
  bool has_thrown_ = false;
};

std::uint32_t dtype_of(const RuleSpec& rule) {
  return (rule.capabilities & DELTAW_CAP_F32) != 0 ? DELTAW_F32 : DELTAW_F64;
}

Outcome answered(const BareInstance& instance, deltaw_status status) {
  if (instance.has_thrown()) return {Verdict::failed, "it threw through the ABI"};
  return {Verdict::pass, status == DELTAW_OK ? "taken" : fmt::format("refused, status {}", status)};
}

Outcome refused_id(Bench& bench, const std::string& id) {
  const auto values = resolve_parameters(bench.rule(), nullptr);
  const BareInstance instance(bench.plugin(), id, abi_parameters(values));
  const Outcome outcome = answered(instance, instance.status());
  if (instance.status() != DELTAW_OK || outcome.verdict == Verdict::failed) return outcome;
  return {Verdict::failed, fmt::format("it makes a rule '{}'", id)};
}

// Made and prepared with these parameters, by a host without services.
Outcome survives(Bench& bench, const std::vector<deltaw_param>& parameters) {
  BareInstance instance(bench.plugin(), bench.rule().id, parameters);
  deltaw_status status = instance.status();
  if (status == DELTAW_OK) {
    bench.stage("prepare");
    status = instance.prepare(dtype_of(bench.rule()));
  }
  return answered(instance, status);
}

Outcome unknown_parameter(Bench& bench) {
  const auto values = resolve_parameters(bench.rule(), nullptr);
  std::vector<deltaw_param> parameters = abi_parameters(values);
  parameters.push_back({"no_such_parameter", DELTAW_PARAM_F64, 0, {}});
  return survives(bench, parameters);
}

Outcome before_prepare(Bench& bench) {
  const Scene scene = bench.scene();
  const auto probe = make_probe(bench.probed(), scene);
  const Stimulus stimulus = bench.stimulus(scene);
  bench.stage("update");
  try {
    probe->begin_unprepared();
    probe->show(stimulus.parts.front(), 0);
  } catch (const Error& error) {
    if (has_thrown(error)) throw;
    return {Verdict::pass, "refused: " + error.headline()};
  }
  return {Verdict::pass, "taken"};
}

// The numbers at one end of their range, or beyond it.
std::vector<ResolvedParameter> at_ends(const RuleSpec& rule, bool is_upper, bool is_beyond) {
  std::vector<ResolvedParameter> values = resolve_parameters(rule, nullptr);
  for (std::size_t p = 0; p < values.size(); ++p) {
    const ParameterSpec& spec = rule.parameters[p];
    const std::optional<double>& end = is_upper ? spec.maximum : spec.minimum;
    const bool is_excluded = is_upper ? spec.exclusive_maximum : spec.exclusive_minimum;
    const double side = is_upper ? 1 : -1;
    if (auto* number = std::get_if<double>(&values[p].value)) {
      if (is_beyond) *number = end ? *end + side : side * std::numeric_limits<double>::infinity();
      if (!is_beyond && end && !is_excluded) *number = *end;
    } else if (auto* whole = std::get_if<std::int64_t>(&values[p].value)) {
      if (end) *whole = static_cast<std::int64_t>(*end + (is_beyond || is_excluded ? side : 0));
      if (end && is_excluded && !is_beyond) *whole -= 2 * static_cast<std::int64_t>(side);
    }
  }
  return values;
}

Outcome at_bounds(Bench& bench) {
  std::vector<std::string> told;
  for (const bool is_upper : {false, true}) {
    const char* const end = is_upper ? "largest" : "smallest";
    ProbedRule probed = bench.probed();
    probed.parameters = at_ends(bench.rule(), is_upper, false);
    try {
      const Scene scene = bench.scene();
      bench.stage(end);
      (void)answer(*make_probe(probed, scene), bench.stimulus(scene));
      told.push_back(fmt::format("{} values: taken", end));
    } catch (const Error& error) {
      if (has_thrown(error)) throw;
      told.push_back(fmt::format("{} values: {}", end, error.headline()));
    }
  }
  return {Verdict::pass, fmt::format("{}", fmt::join(told, "; "))};
}

Outcome beyond_bounds(Bench& bench) {
  for (const bool is_upper : {false, true}) {
    const auto values = at_ends(bench.rule(), is_upper, true);
    bench.stage(is_upper ? "above" : "below");
    const Outcome outcome = survives(bench, abi_parameters(values));
    if (outcome.verdict != Verdict::pass) return outcome;
  }
  return {Verdict::pass, "taken or refused; hosts check ranges first"};
}

Outcome with_defaults(Bench& bench) {
  const Scene scene = bench.scene();
  const Response response = answer(*make_probe(bench.probed(), scene), bench.stimulus(scene));
  const bool is_changed = std::ranges::any_of(response, [](const auto& update) {
    return std::ranges::any_of(update, [](std::uint64_t bits) { return bits != 0; });
  });
  return {Verdict::pass, is_changed ? "answers" : "answers that nothing changes"};
}

Outcome first_phase(Bench& bench) {
  if (!bench.rule().phases) return {Verdict::skipped, "it is shown one block an update"};
  const auto values = resolve_parameters(bench.rule(), nullptr);
  const BareInstance instance(bench.plugin(), bench.rule().id, abi_parameters(values));
  if (instance.has_observe())
    return {Verdict::pass, "observe() takes the first, update() the second"};
  return {Verdict::failed, "the first phase goes to observe(), and there is none"};
}

}  // namespace

ConformanceTests call_tests() {
  return {
      {"defaults", "it works with its defaults", with_defaults},
      {"parameters-at-bounds", "numbers at the ends of their ranges", at_bounds},
      {"parameters-beyond", "numbers beyond their ranges do no harm", beyond_bounds},
      {"unknown-parameter", "a parameter that it does not have does no harm", unknown_parameter},
      {"no-parameters", "no parameters at all do no harm",
       [](Bench& bench) { return survives(bench, {}); }},
      {"unknown-rule", "a rule that it does not have is refused",
       [](Bench& bench) { return refused_id(bench, "no-such-rule"); }},
      {"longer-id", "an id that only begins as its own is refused",
       [](Bench& bench) { return refused_id(bench, bench.rule().id + "x"); }},
      {"no-services", "a host that offers no services does no harm",
       [](Bench& bench) {
         const auto values = resolve_parameters(bench.rule(), nullptr);
         return survives(bench, abi_parameters(values));
       }},
      {"destroy-unprepared", "an instance may go before it was prepared",
       [](Bench& bench) {
         const auto values = resolve_parameters(bench.rule(), nullptr);
         const BareInstance instance(bench.plugin(), bench.rule().id, abi_parameters(values));
         return answered(instance, instance.status());
       }},
      {"before-prepare", "an update before prepare() does no harm", before_prepare},
      {"phases", "a rule with two phases has a place for the first", first_phase},
  };
}

}  // namespace deltaw
