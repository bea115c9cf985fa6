// SPDX-License-Identifier: Apache-2.0
// One rule under check: fresh instances of it are shown a made-up stimulus, update by update, and
// every bit of what they answer is noted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/scene.hpp"
#include "conformance/stimulus.hpp"
#include "plugin/parameters.hpp"
#include "rule/instance.hpp"

namespace deltaw {

// A rule with its parameters.
struct ProbedRule {
  const deltaw_plugin* plugin = nullptr;
  const RuleSpec* rule = nullptr;
  std::vector<ResolvedParameter> parameters;
  const deltaw_random* random = nullptr;  // where its draws come from; null: the host
};

// The bits of ΔW after each update, or of W where it is changed in place: [update][entry], entry
// (i, j) of a connection at i + outputs j; several connections one after the other.
using Response = std::vector<std::vector<std::uint64_t>>;
[[nodiscard]] double value_of(std::uint64_t bits, std::uint32_t dtype);

// What memory around the views holds, and whether it is watched.
struct Surroundings {
  int filler = 0;  // 0, 1 or 2
  bool is_watched = false;
  bool is_read_only = false;  // what is shown to a local rule cannot be written
};

class RuleProbe {
 public:
  RuleProbe(ProbedRule probed, const Scene& scene, const Surroundings& around);
  RuleProbe(const RuleProbe&) = delete;
  RuleProbe& operator=(const RuleProbe&) = delete;
  virtual ~RuleProbe() = default;

  // Starts with a new instance. Errors: those of RuleInstance.
  void begin();
  // And is asked without prepare(), as no host does.
  void begin_unprepared();
  // The same instance again, after reset() or another prepare().
  void reset();
  void prepare_again();
  // Goes on with a new instance that loads what this one saved.
  void change_instance();
  // How much the instance would save, and whether a new one takes the first `count` bytes of it.
  [[nodiscard]] std::size_t state_bytes() const;
  [[nodiscard]] bool loads_first(std::size_t count);
  // The next update, of this number: one entry of a stimulus.
  virtual void show(const std::vector<arma::mat>& parts, std::size_t update) = 0;
  // Forgets the answers so far, for an instance that is asked very often.
  void forget() { response_.clear(); }

  [[nodiscard]] const Response& response() const { return response_; }
  // Where the rule wrote what it must not; empty: nowhere, or not watched.
  [[nodiscard]] const std::string& written() const { return written_; }
  // Services that the rule asked for and was refused.
  [[nodiscard]] std::vector<std::string> refused() const;

 protected:
  // Tells the instance what it will be shown.
  virtual void prepare() = 0;
  // What an instance may ask of the host; null: nothing.
  [[nodiscard]] virtual const deltaw_network* service() const { return nullptr; }

  ProbedRule probed_;
  Scene scene_;
  bool is_watched_, is_read_only_;
  std::optional<RuleInstance> instance_;
  Response response_;
  std::string written_;

 private:
  void start();
  void make_instance();

  std::vector<deltaw_param> parameters_;
};

// For a connection of a local rule, or a small network of a rule of network scope.
[[nodiscard]] std::unique_ptr<RuleProbe> make_probe(const ProbedRule& probed, const Scene& scene,
                                                    const Surroundings& around = {});
// What such a probe is shown.
[[nodiscard]] Stimulus make_stimulus(const RuleSpec& rule, const Scene& scene,
                                     std::uint64_t number);
// Whether a part of such a stimulus holds numbers that could be any, and no events, kinds or steps.
[[nodiscard]] bool holds_numbers(const RuleSpec& rule, std::size_t part);

// A new instance, shown everything.
Response answer(RuleProbe& probe, const Stimulus& stimulus);

}  // namespace deltaw
