// SPDX-License-Identifier: Apache-2.0
// What a rule is told when it is made: parameters, shapes, and what the host offers.
// Valid as long as the instance; calls on one instance never overlap.
#pragma once

#include <deltaw/abi.h>

#include <cstdint>
#include <deltaw/guard.hpp>
#include <deltaw/view.hpp>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace deltaw {

struct ConnectionShape {
  std::string name;
  arma::uword outputs, inputs;
};

// A stream of random numbers for what has this name, so that nothing else shifts them (FNV-1a).
inline std::uint64_t stream_of(const std::string& name) {
  std::uint64_t key = 0xcbf29ce484222325u;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return key;
}

// Counter-based draws, keyed by the run's seed and this instance: the same (stream, counter) gives
// the same numbers whatever else was drawn.
class RandomStream {
 public:
  explicit RandomStream(const deltaw_random* host) : host_(host) {}

  template <class T>
  void normal(arma::Mat<T>& out, std::uint64_t stream, std::uint64_t counter = 0) const {
    const deltaw_matrix m = matrix_of(out);
    detail::require(host_->normal(host_->ctx, stream, counter, &m), "random.normal");
  }
  // Uniform in (0, 1).
  template <class T>
  void uniform(arma::Mat<T>& out, std::uint64_t stream, std::uint64_t counter = 0) const {
    const deltaw_matrix m = matrix_of(out);
    detail::require(host_->uniform(host_->ctx, stream, counter, &m), "random.uniform");
  }

 private:
  const deltaw_random* host_;
};

class Setup {
 public:
  using Value = std::variant<double, std::int64_t, bool, std::string>;

  // Parameters by name, as the manifest declares them; defaults are filled in by the host. Each
  // throws std::invalid_argument for a name or type that the manifest does not have.
  [[nodiscard]] double number(const std::string& name) const { return get<double>(name); }
  [[nodiscard]] std::int64_t integer(const std::string& name) const {
    return get<std::int64_t>(name);
  }
  [[nodiscard]] bool boolean(const std::string& name) const { return get<bool>(name); }
  [[nodiscard]] const std::string& text(const std::string& name) const {
    return get<std::string>(name);
  }

  // The connections served: one of them for a local rule.
  [[nodiscard]] const std::vector<ConnectionShape>& connections() const { return connections_; }
  [[nodiscard]] arma::uword outputs() const { return connections_.at(0).outputs; }
  [[nodiscard]] arma::uword inputs() const { return connections_.at(0).inputs; }
  [[nodiscard]] arma::uword max_columns() const { return max_columns_; }

  // Throws Unsupported when the host lacks or refuses the service.
  [[nodiscard]] RandomStream random() const {
    return RandomStream(static_cast<const deltaw_random*>(extension("deltaw.random/1")));
  }
  [[nodiscard]] const deltaw_network* network() const {
    return static_cast<const deltaw_network*>(extension("deltaw.network/1"));
  }

  void set_host(const deltaw_host* host) { host_ = host; }
  void set_parameters(const deltaw_param* params, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) values_[params[i].name] = value_of(params[i]);
  }
  void set_shape(const deltaw_shape& shape) {
    max_columns_ = shape.max_columns;
    connections_.clear();
    for (std::uint64_t i = 0; i < shape.n_connections; ++i) {
      const deltaw_connection_shape& c = shape.connections[i];
      connections_.push_back({c.name, c.outputs, c.inputs});
    }
  }

 private:
  static Value value_of(const deltaw_param& p) {
    switch (p.kind) {
      case DELTAW_PARAM_F64:
        return p.value.f64;
      case DELTAW_PARAM_I64:
        return p.value.i64;
      case DELTAW_PARAM_BOOL:
        return p.value.i64 != 0;
      case DELTAW_PARAM_STR:
        return std::string(p.value.str);
      default:
        throw Unsupported(std::string("parameter ") + p.name + " has an unknown kind");
    }
  }

  template <class T>
  const T& get(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) {
      throw std::invalid_argument("the manifest declares no parameter '" + name + "'");
    }
    const T* value = std::get_if<T>(&found->second);
    if (value == nullptr) {
      throw std::invalid_argument("the manifest gives parameter '" + name + "' another type");
    }
    return *value;
  }

  const void* extension(const char* id) const {
    const void* found = host_ == nullptr ? nullptr : host_->get_extension(host_->ctx, id);
    if (found == nullptr) throw Unsupported(std::string("the host does not offer ") + id);
    return found;
  }

  const deltaw_host* host_ = nullptr;
  std::map<std::string, Value> values_;
  std::vector<ConnectionShape> connections_;
  arma::uword max_columns_ = 0;
};

}  // namespace deltaw
