// SPDX-License-Identifier: Apache-2.0
#include <deltaw/rule.hpp>

template <class T>
class Wrong {
 public:
  static constexpr auto id = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre;
  explicit Wrong(const deltaw::Setup&) {}
  void update(const deltaw::Signals<T>& s, int delta) { (void)s, (void)delta; }
};

DELTAW_PLUGIN(Wrong)
