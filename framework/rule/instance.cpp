// SPDX-License-Identifier: Apache-2.0
// The host's side of the ABI: what a rule is offered, and what its statuses mean.
#include "rule/instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/matrix.hpp"
#include "core/random.hpp"
#include "core/state.hpp"
#include "rule/pulse.hpp"

namespace deltaw {
namespace {

// What a rule calls must not throw through it: it may be written in C.
template <class F>
deltaw_status without_exceptions(const F& f) noexcept {
  try {
    f();
    return DELTAW_OK;
  } catch (const std::bad_alloc&) {
    return DELTAW_E_OUT_OF_MEMORY;
  } catch (...) {
    return DELTAW_E_INTERNAL;
  }
}

// The largest uniform doubles would be rounded to 1 as floats.
template <class T>
T below_one(double uniform) {
  return std::min(static_cast<T>(uniform), std::nextafter(T(1), T(0)));
}

}  // namespace

// What the rule points to.
struct RuleInstance::Host {
  InstanceSpec spec;
  deltaw_random random{};
  deltaw_host table{};
  std::vector<std::string> refused;

  template <class T>
  static void fill(Random& numbers, bool is_normal, const deltaw_matrix& out) {
    T* data = static_cast<T*>(out.data);
    for (std::uint64_t j = 0; j < out.cols; ++j) {
      for (std::uint64_t i = 0; i < out.rows; ++i) {
        data[j * out.ld + i] =
            is_normal ? static_cast<T>(numbers.normal()) : below_one<T>(numbers.uniform());
      }
    }
  }
  static deltaw_status draw(void* ctx, bool is_normal, std::uint64_t stream, std::uint64_t counter,
                            const deltaw_matrix* out) {
    const InstanceSpec& spec = static_cast<Host*>(ctx)->spec;
    if (out == nullptr || (out->data == nullptr && out->rows * out->cols > 0)) {
      return DELTAW_E_INVALID_ARGUMENT;
    }
    if (out->dtype != DELTAW_F32 && out->dtype != DELTAW_F64) return DELTAW_E_UNSUPPORTED;
    return without_exceptions([&] {
      Random numbers(spec.seed, fmt::format("rule/{}/{}", spec.key, stream), counter);
      if (out->dtype == DELTAW_F32) {
        fill<float>(numbers, is_normal, *out);
      } else {
        fill<double>(numbers, is_normal, *out);
      }
    });
  }
  static deltaw_status normal(void* ctx, std::uint64_t stream, std::uint64_t counter,
                              const deltaw_matrix* out) {
    return draw(ctx, true, stream, counter, out);
  }
  static deltaw_status uniform(void* ctx, std::uint64_t stream, std::uint64_t counter,
                               const deltaw_matrix* out) {
    return draw(ctx, false, stream, counter, out);
  }
  static void ignore_log(void*, std::int32_t, const char*) {}

  static const void* get_extension(void* ctx, const char* id) {
    Host& host = *static_cast<Host*>(ctx);
    if (id == nullptr) return nullptr;
    if (std::strcmp(id, "deltaw.random/1") == 0) {
      return host.spec.random != nullptr ? host.spec.random : &host.random;
    }
    const bool is_granted = host.spec.rule->scope == Scope::network;
    if (is_granted && std::strcmp(id, "deltaw.network/1") == 0) return host.spec.network;
    (void)without_exceptions([&] {
      if (std::ranges::find(host.refused, id) == host.refused.end()) host.refused.emplace_back(id);
    });
    return nullptr;
  }
};

namespace {

deltaw_error empty_error() {
  deltaw_error error{};
  error.struct_size = sizeof error;
  return error;
}

// Calls the rule. It must not throw through the ABI; when it does, it has failed as any other.
template <class Call>
deltaw_status answer(deltaw_error& error, const Call& call) {
  const auto thrown = [&error](std::string_view what) {
    constexpr std::string_view text = "threw through the ABI";
    const auto written = fmt::format_to_n(error.message, sizeof error.message - 1, "{}{}{}", text,
                                          what.empty() ? "" : ": ", what);
    error.message[std::min(written.size, sizeof error.message - 1)] = '\0';
    return DELTAW_E_INTERNAL;
  };
  try {
    return call();
  } catch (const std::exception& e) {
    return thrown(e.what());
  } catch (...) {
    return thrown("");
  }
}

std::string_view message_of(const deltaw_error& error) {
  return {error.message, strnlen(error.message, sizeof error.message)};
}

// Before any update, what the caller can mend is wrong input and no failure of the rule.
bool is_refusal(deltaw_status status, const deltaw_error& error) {
  return status == DELTAW_E_INVALID_ARGUMENT && error.message[0] != '\0';
}

Error refusal(const std::string& rule, const deltaw_error& error) {
  return {Code::E202, fmt::format("rule '{}' refuses: {}", rule, message_of(error))};
}

// What create() left empty although the host must be able to call it; "" when all is there.
std::string_view missing_function(const deltaw_rule& instance) {
  if (instance.struct_size < sizeof instance) return "the size of its table";
  if (instance.prepare == nullptr) return "prepare";
  if (instance.update == nullptr) return "update";
  if (instance.reset == nullptr) return "reset";
  return instance.destroy == nullptr ? "destroy" : "";
}

}  // namespace

RuleInstance::RuleInstance(InstanceSpec spec) : host_(std::make_unique<Host>()) {
  host_->spec = std::move(spec);
  host_->random = {sizeof(deltaw_random), 0, host_.get(), &Host::normal, &Host::uniform};
  host_->table = {sizeof(deltaw_host), DELTAW_ABI_MINOR, host_.get(), &Host::ignore_log,
                  &Host::get_extension};
  deltaw_error error = empty_error();
  instance_.struct_size = sizeof instance_;
  const deltaw_status status = answer(error, [&] {
    const Beat beat(this, host_->spec.key, "create");
    return host_->spec.plugin->create(&host_->table, rule().id.c_str(),
                                      host_->spec.parameters.data(), host_->spec.parameters.size(),
                                      &instance_, &error);
  });
  if (is_refusal(status, error)) throw refusal(rule().id, error);
  check(status, error, "create");
  if (const std::string_view missing = missing_function(instance_); !missing.empty()) {
    if (instance_.destroy != nullptr) instance_.destroy(instance_.self);
    throw Error(Code::E134, fmt::format("{}: create left out {}", rule().id, missing),
                {.expected = "prepare, update, reset and destroy",
                 .hint = "fill in the whole deltaw_rule, its struct_size too"});
  }
}

RuleInstance::~RuleInstance() {
  if (host_ == nullptr || instance_.destroy == nullptr) return;
  const Beat beat(this, host_->spec.key, "destroy");
  instance_.destroy(instance_.self);
}

RuleInstance::RuleInstance(RuleInstance&& other) noexcept
    : host_(std::move(other.host_)),
      instance_(std::exchange(other.instance_, {})),
      dtype_(other.dtype_) {}

const RuleSpec& RuleInstance::rule() const { return *host_->spec.rule; }
const std::vector<std::string>& RuleInstance::refused() const { return host_->refused; }

void RuleInstance::prepare(std::uint32_t dtype, std::uint64_t max_columns,
                           const std::vector<ConnectionSize>& connections) {
  const std::uint64_t needed = dtype == DELTAW_F32 ? DELTAW_CAP_F32 : DELTAW_CAP_F64;
  if ((rule().capabilities & needed) == 0) {
    const char* asked = dtype == DELTAW_F32 ? "float32" : "float64";
    const char* other = dtype == DELTAW_F32 ? "float64" : "float32";
    throw Error(
        Code::E203, fmt::format("rule '{}' does not work in {}", rule().id, asked),
        {.expected = other, .found = asked, .hint = fmt::format("\"precision\": \"{}\"", other)});
  }
  std::vector<deltaw_connection_shape> shapes;
  for (const ConnectionSize& c : connections)
    shapes.push_back({c.name.c_str(), c.outputs, c.inputs});
  const deltaw_shape shape = {sizeof shape, dtype, max_columns, shapes.size(), shapes.data()};
  deltaw_error error = empty_error();
  dtype_ = dtype;
  const deltaw_status status = answer(error, [&] {
    const Beat beat(this, host_->spec.key, "prepare");
    return instance_.prepare(instance_.self, &shape, &error);
  });
  if (is_refusal(status, error)) throw refusal(rule().id, error);
  check(status, error, "prepare");
}

void RuleInstance::observe(const deltaw_block& block) {
  if (instance_.observe == nullptr) return;
  deltaw_error error = empty_error();
  const auto call = [&] {
    const Beat beat(this, host_->spec.key, "observe", block.index);
    return instance_.observe(instance_.self, &block, &error);
  };
  check(answer(error, call), error, "observe", block.index);
}

void RuleInstance::update(const deltaw_block& block, const std::vector<deltaw_matrix>& deltas) {
  deltaw_error error;  // its message is written only on failure: not worth 512 bytes an update
  error.struct_size = sizeof error;
  error.message[0] = '\0';
  const auto call = [&] {
    const Beat beat(this, host_->spec.key, "update", block.index);
    return instance_.update(instance_.self, &block, deltas.data(), deltas.size(), &error);
  };
  check(answer(error, call), error, "update", block.index);
}

void RuleInstance::reset() {
  const Beat beat(this, host_->spec.key, "reset");
  instance_.reset(instance_.self);
}

void RuleInstance::check(deltaw_status status, const deltaw_error& error, const char* call,
                         std::optional<std::uint64_t> update) const {
  if (status == DELTAW_OK) return;
  const std::string where =
      fmt::format("{}: {}{}", rule().id, call, update ? fmt::format(" of update {}", *update) : "");
  if (status < DELTAW_OK || status > DELTAW_E_INTERNAL) {
    throw Error(Code::E303,
                fmt::format("{}: the rule returned the undefined status {}", where, status),
                {.expected = fmt::format("0 to {}", static_cast<int>(DELTAW_E_INTERNAL)),
                 .found = fmt::format("{}", status)});
  }
  if (error.message[0] == '\0') {
    static constexpr const char* k_names[] = {
        "ok",      "invalid argument", "unsupported", "out of memory",
        "numeric", "out of order",     "internal"};
    throw Error(Code::E302,
                fmt::format("{}: the rule failed with status {} ({}) and gave no message", where,
                            status, k_names[status]));
  }
  throw Error(Code::E301, fmt::format("{}: {}", where, message_of(error)));
}

namespace {

const deltaw_state* state_of(const deltaw_rule& instance) {
  if (instance.get_extension == nullptr) return nullptr;
  return static_cast<const deltaw_state*>(instance.get_extension(instance.self, "deltaw.state/1"));
}

deltaw_status append(void* ctx, const void* bytes, std::uint64_t n) {
  return without_exceptions(
      [&] { static_cast<std::string*>(ctx)->append(static_cast<const char*>(bytes), n); });
}

deltaw_status take(void* ctx, void* bytes, std::uint64_t n) {
  auto& rest = *static_cast<std::string_view*>(ctx);
  if (n > rest.size()) return DELTAW_E_INVALID_ARGUMENT;
  if (n > 0) std::memcpy(bytes, rest.data(), n);
  rest.remove_prefix(n);
  return DELTAW_OK;
}

}  // namespace

std::string RuleInstance::state() const {
  std::string bytes;
  if (const deltaw_state* state = state_of(instance_)) {
    deltaw_error error = empty_error();
    check(answer(error, [&] { return state->save(instance_.self, &append, &bytes, &error); }),
          error, "save");
  }
  return bytes;
}

std::size_t RuleInstance::state_bytes() const { return state().size(); }

void RuleInstance::save(StateWriter& writer) const {
  writer.text("rule", rule().id);
  writer.text("version", rule().version);
  writer.integer("dtype", dtype_);
  writer.text("state", state());
}

void RuleInstance::load(StateReader& reader) {
  reader.expect("rule", rule().id);
  reader.expect("version", rule().version);
  reader.expect("dtype", std::uint64_t{dtype_});
  const std::string bytes = reader.text("state");
  std::string_view rest = bytes;
  if (const deltaw_state* state = state_of(instance_)) {
    deltaw_error error = empty_error();
    check(answer(error, [&] { return state->load(instance_.self, &take, &rest, &error); }), error,
          "load");
  }
  if (!rest.empty()) {
    throw Error(Code::E306,
                fmt::format("the saved state of rule '{}' is longer than it reads", rule().id));
  }
}

namespace {

template <class T>
arma::mat as_doubles(const deltaw_matrix& m) {
  arma::mat out(m.rows, m.cols);
  const T* data = static_cast<const T*>(m.data);
  for (std::uint64_t j = 0; j < m.cols; ++j) {
    std::copy_n(data + j * m.ld, m.rows, out.colptr(j));
  }
  return out;
}

}  // namespace

std::vector<Monitored> RuleInstance::monitored() const {
  const auto* monitor = instance_.get_extension == nullptr
                            ? nullptr
                            : static_cast<const deltaw_monitor*>(
                                  instance_.get_extension(instance_.self, "deltaw.monitor/1"));
  const std::uint32_t count = monitor == nullptr ? 0 : monitor->count(instance_.self);
  std::vector<Monitored> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const char* name = nullptr;
    deltaw_matrix m{};
    deltaw_error error = empty_error();
    check(answer(error, [&] { return monitor->show(instance_.self, i, &name, &m, &error); }), error,
          "monitor");
    const bool is_known = m.dtype == DELTAW_F32 || m.dtype == DELTAW_F64 || m.dtype == DELTAW_U32;
    if (name == nullptr || m.data == nullptr || m.ld < m.rows || !is_known) {
      throw Error(Code::E134, fmt::format("{}: what it shows as number {} is no named matrix of "
                                          "float32, float64 or uint32",
                                          rule().id, i));
    }
    out.push_back({"", name,
                   m.dtype == DELTAW_F32   ? as_doubles<float>(m)
                   : m.dtype == DELTAW_F64 ? as_doubles<double>(m)
                                           : as_doubles<std::uint32_t>(m)});
  }
  return out;
}

}  // namespace deltaw
