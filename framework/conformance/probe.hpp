// SPDX-License-Identifier: Apache-2.0
// One rule under check: fresh instances of it are shown a made-up stimulus, update by update, and
// every bit of what they answer is noted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conformance/scene.hpp"
#include "conformance/stimulus.hpp"
#include "plugin/parameters.hpp"
#include "rule/instance.hpp"

namespace deltaw {

// A rule with its parameters.
struct Subject {
  const deltaw_plugin* plugin = nullptr;
  const RuleSpec* rule = nullptr;
  std::vector<ResolvedParameter> parameters;
};

// The bits of ΔW after each update, or of W where it is changed in place: [update][entry], entry
// (i, j) of a connection at i + outputs j; several connections one after the other.
using Response = std::vector<std::vector<std::uint64_t>>;

// What memory around the views holds, and whether it is watched.
struct Surroundings {
  int filler = 0;  // 0, 1 or 2
  bool is_watched = false;
};

class Probe {
 public:
  virtual ~Probe() = default;

  // Starts with a new instance. Errors: those of RuleInstance.
  virtual void begin() = 0;
  // The same instance again, after reset() or another prepare().
  virtual void reset() = 0;
  virtual void prepare_again() = 0;
  // Goes on with a new instance that loads what this one saved.
  virtual void change_instance() = 0;
  // The next update, of this number.
  virtual void show(const Stimulus& stimulus, std::size_t update) = 0;

  [[nodiscard]] const Response& response() const { return response_; }
  // Where the rule wrote what it must not; empty: nowhere, or not watched.
  [[nodiscard]] const std::string& written() const { return written_; }
  // Services that the rule asked for and was refused.
  [[nodiscard]] virtual std::vector<std::string> refused() const = 0;

 protected:
  Response response_;
  std::string written_;
};

// For a connection of a local rule, or a small network of a rule of network scope.
[[nodiscard]] std::unique_ptr<Probe> make_probe(const Subject& subject, const Scene& scene,
                                                const Surroundings& around = {});
// What such a probe is shown.
[[nodiscard]] Stimulus make_stimulus(const RuleSpec& rule, const Scene& scene,
                                     std::uint64_t number);

// A new instance, shown everything.
Response answer(Probe& probe, const Stimulus& stimulus);

}  // namespace deltaw
