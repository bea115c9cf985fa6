// SPDX-License-Identifier: Apache-2.0
// All that a rule's author includes. A rule is a class template over the element type:
//
//   template <class T>
//   class MyRule {
//    public:
//     static constexpr auto id = "my-rule";
//     static constexpr auto version = "1.0.0";
//     static constexpr auto signals = deltaw::pre | deltaw::post;
//     explicit MyRule(const deltaw::Setup& setup);
//     void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta);
//   };
//   DELTAW_PLUGIN(MyRule)
//
// `delta` (outputs x inputs) gets the proposed change added; the host applies the learning rate.
// Optional members: `observe(const deltaw::Signals<T>&)` for every earlier block of a trial;
// `state(archive)` for memory between updates; `monitor(deltaw::Monitor&) const` for what reports
// may show of it; `grain` (DELTAW_GRAIN_*, default batch); `capabilities` (DELTAW_CAP_*). A rule of
// network scope takes `deltaw::Deltas<T>&` instead of one matrix. Construction is preparation:
// allocate there, not in update().
#pragma once

#include <deltaw/abi.h>

#include <cstring>
#include <deltaw/guard.hpp>
#include <deltaw/monitor.hpp>
#include <deltaw/setup.hpp>
#include <deltaw/signals.hpp>
#include <deltaw/state.hpp>
#include <deltaw/view.hpp>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace deltaw {

// The accumulators of a rule of network scope: one matrix (outputs x inputs) for each connection
// that it drives, in the order of Setup::connections().
template <class T>
class Deltas {
 public:
  void assign(const deltaw_matrix* matrices, std::uint64_t count) {
    views_.clear();
    views_.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) views_.push_back(view<T>(matrices[i]));
  }
  [[nodiscard]] arma::Mat<T>& operator[](std::int64_t i) {
    return views_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] std::size_t size() const { return views_.size(); }

 private:
  std::vector<arma::Mat<T>> views_;
};

namespace detail {

// Whether R::update() can be called with a D: an lvalue where D is a reference, else an rvalue.
template <class R, class T, class D, class = void>
struct Updates : std::false_type {};
template <class R, class T, class D>
struct Updates<R, T, D,
               std::void_t<decltype(std::declval<R&>().update(
                   std::declval<const Signals<T>&>(), std::declval<D>()))>> : std::true_type {};

template <class R, class T>
struct IsNetworkRule : Updates<R, T, Deltas<T>&> {
  static_assert(Updates<R, T, Deltas<T>&>::value || Updates<R, T, arma::Mat<T>&>::value,
                "a rule needs update(const deltaw::Signals<T>&, arma::Mat<T>& delta), or with "
                "deltaw::Deltas<T>& for network scope");
  static_assert(!Updates<R, T, Deltas<T>>::value && !Updates<R, T, arma::Mat<T>>::value,
                "update() must take its second argument by reference (&): what it adds to a copy "
                "is lost");
};

template <class R, class T, class = void>
struct HasObserve : std::false_type {};
template <class R, class T>
struct HasObserve<
    R, T, std::void_t<decltype(std::declval<R&>().observe(std::declval<const Signals<T>&>()))>>
    : std::true_type {};

template <class R, class = void>
struct HasState : std::false_type {};
template <class R>
struct HasState<R, std::void_t<decltype(std::declval<R&>().state(std::declval<StateSaver&>()))>>
    : std::true_type {};

template <class R, class = void>
struct HasMonitor : std::false_type {};
template <class R>
struct HasMonitor<R,
                  std::void_t<decltype(std::declval<const R&>().monitor(std::declval<Monitor&>()))>>
    : std::true_type {};

template <class R, class = void>
struct GrainOf : std::integral_constant<std::uint32_t, DELTAW_GRAIN_BATCH> {};
template <class R>
struct GrainOf<R, std::void_t<decltype(R::grain)>>
    : std::integral_constant<std::uint32_t, R::grain> {};

template <class R, class = void>
struct CapabilitiesOf
    : std::integral_constant<std::uint64_t, DELTAW_CAP_F32 | DELTAW_CAP_F64 |
                                                DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC> {
};
template <class R>
struct CapabilitiesOf<R, std::void_t<decltype(R::capabilities)>>
    : std::integral_constant<std::uint64_t, R::capabilities> {};

// The instance behind the ABI: a Setup, and the rule in the element type that prepare() asked for.
template <template <class> class Rule>
class Instance {
 public:
  template <class T>
  static constexpr bool has_observe = HasObserve<Rule<T>, T>::value;

  Instance(const deltaw_host* host, const deltaw_param* params, std::uint64_t count) {
    setup_.set_host(host);
    setup_.set_parameters(params, count);
  }

  static deltaw_status prepare(void* self, const deltaw_shape* shape, deltaw_error* error) {
    return guard(error, [&] {
      Instance& me = of(self);
      me.setup_.set_shape(*shape);
      me.dtype_ = shape->dtype;
      me.make();
    });
  }

  static deltaw_status observe(void* self, const deltaw_block* block, deltaw_error* error) {
    return guard(error, [&] {
      of(self).visit([&](auto& rule, auto zero) {
        using T = decltype(zero);
        if constexpr (has_observe<T>) rule.observe(Signals<T>(*block));
      });
    });
  }

  static deltaw_status update(void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                              std::uint64_t count, deltaw_error* error) {
    return guard(error, [&] {
      Instance& me = of(self);
      me.visit([&](auto& rule, auto zero) {
        using T = decltype(zero);
        if constexpr (IsNetworkRule<Rule<T>, T>::value) {
          me.template deltas<T>().assign(deltas, count);
          rule.update(Signals<T>(*block), me.template deltas<T>());
        } else {
          arma::Mat<T> delta = view<T>(deltas[0]);
          rule.update(Signals<T>(*block), delta);
        }
      });
    });
  }

  static void reset(void* self) {
    guard(nullptr, [&] { of(self).make(); });
  }
  static const void* get_extension(void*, const char* id) {
    if constexpr (HasState<Rule<float>>::value) {
      static const deltaw_state state = {sizeof(deltaw_state), 0, save, load};
      if (std::strcmp(id, "deltaw.state/1") == 0) return &state;
    }
    if constexpr (HasMonitor<Rule<float>>::value) {
      static const deltaw_monitor monitor = {sizeof(deltaw_monitor), 0, count_shown, show};
      if (std::strcmp(id, "deltaw.monitor/1") == 0) return &monitor;
    }
    (void)id;
    return nullptr;
  }
  static void destroy(void* self) { delete static_cast<Instance*>(self); }

 private:
  static Instance& of(void* self) { return *static_cast<Instance*>(self); }

  void make() {
    single_.reset();
    double_.reset();
    if (dtype_ == DELTAW_F32) {
      single_.emplace(setup_);
    } else if (dtype_ == DELTAW_F64) {
      double_.emplace(setup_);
    } else {
      throw Unsupported("this rule works in float32 and float64 only");
    }
  }

  template <class F>
  void visit(F f) {
    if (single_) {
      f(*single_, float{});
    } else if (double_) {
      f(*double_, double{});
    } else {
      throw OutOfOrder("called before prepare()");
    }
  }

  template <class T>
  Deltas<T>& deltas() {
    if constexpr (std::is_same_v<T, float>) {
      return single_deltas_;
    } else {
      return double_deltas_;
    }
  }

  static deltaw_status save(void* self, StateSaver::Write write, void* ctx, deltaw_error* error) {
    return guard(error, [&] {
      StateSaver archive(write, ctx);
      of(self).visit([&](auto& rule, auto) {
        if constexpr (HasState<Rule<float>>::value) rule.state(archive);
      });
    });
  }
  static deltaw_status load(void* self, StateLoader::Read read, void* ctx, deltaw_error* error) {
    return guard(error, [&] {
      StateLoader archive(read, ctx);
      of(self).visit([&](auto& rule, auto) {
        if constexpr (HasState<Rule<float>>::value) rule.state(archive);
      });
    });
  }

  void monitor(Monitor& monitor) {
    visit([&](const auto& rule, auto) {
      if constexpr (HasMonitor<Rule<float>>::value) rule.monitor(monitor);
    });
  }
  static std::uint32_t count_shown(void* self) {
    Monitor monitor;
    guard(nullptr, [&] { of(self).monitor(monitor); });
    return monitor.count();
  }
  static deltaw_status show(void* self, std::uint32_t index, const char** name, deltaw_matrix* out,
                            deltaw_error* error) {
    return guard(error, [&] {
      Monitor monitor(index);
      of(self).monitor(monitor);
      if (monitor.name() == nullptr) throw std::out_of_range("the rule shows fewer matrices");
      *name = monitor.name();
      *out = monitor.values();
    });
  }

  Setup setup_;
  std::uint32_t dtype_ = 0;
  std::optional<Rule<float>> single_;
  std::optional<Rule<double>> double_;
  Deltas<float> single_deltas_;
  Deltas<double> double_deltas_;
};

template <template <class> class Rule>
constexpr deltaw_rule_info info_of() {
  using R = Rule<float>;
  constexpr bool is_network = IsNetworkRule<R, float>::value;
  return {sizeof(deltaw_rule_info),
          is_network ? DELTAW_SCOPE_NETWORK : DELTAW_SCOPE_LOCAL,
          R::id,
          R::version,
          CapabilitiesOf<R>::value,
          R::signals,
          GrainOf<R>::value,
          0};
}

template <template <class> class Rule>
deltaw_rule make_rule(const deltaw_host* host, const deltaw_param* params, std::uint64_t count) {
  using I = Instance<Rule>;
  return {sizeof(deltaw_rule),
          0,
          new I(host, params, count),
          &I::prepare,
          I::template has_observe<float> ? &I::observe : nullptr,
          &I::update,
          &I::reset,
          &I::get_extension,
          &I::destroy};
}

// The static table behind deltaw_plugin_entry().
template <template <class> class... Rules>
struct Table {
  static const deltaw_rule_info* rule_info(std::uint32_t index) {
    static const deltaw_rule_info infos[] = {info_of<Rules>()...};
    return index < sizeof...(Rules) ? &infos[index] : nullptr;
  }

  static deltaw_status create(const deltaw_host* host, const char* rule_id,
                              const deltaw_param* params, std::uint64_t count, deltaw_rule* out,
                              deltaw_error* error) {
    return guard(error, [&] {
      const bool is_made = ((std::strcmp(rule_id, Rules<float>::id) == 0
                                 ? (*out = make_rule<Rules>(host, params, count), true)
                                 : false) ||
                            ...);
      if (!is_made)
        throw std::invalid_argument("this plugin has no rule '" + std::string(rule_id) + "'");
    });
  }

  static const deltaw_plugin* table() {
    static const deltaw_plugin plugin = {sizeof(deltaw_plugin), DELTAW_ABI_MAJOR, 0,
                                         sizeof...(Rules),      &rule_info,       &create};
    return &plugin;
  }
};

}  // namespace detail
}  // namespace deltaw

// Exports one or several rules: the last line of a plugin.
#define DELTAW_PLUGIN(...)                                    \
  extern "C" const deltaw_plugin* deltaw_plugin_entry(void) { \
    return deltaw::detail::Table<__VA_ARGS__>::table();       \
  }
