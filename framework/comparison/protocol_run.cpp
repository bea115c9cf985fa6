// SPDX-License-Identifier: Apache-2.0
#include "comparison/protocol_run.hpp"

#include <algorithm>

#include "comparison/protocol.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/naming_arm.hpp"

namespace deltaw {
namespace {

template <class T>
std::optional<Measurement> measure(const Application& application,
                                   const std::vector<DriveSpec>& drives) {
  const std::string& type = application.protocol.type;
  if (type == "pairing") return measure_pairing<T>(application, drives);
  if (type == "current-sweep") return measure_current_sweep<T>(application);
  if (type == "rectification") return measure_rectification<T>(application);
  return measure_recording<T>(application);
}

}  // namespace

template <class T>
RunOutcome run_protocol(const PreparedArm& arm, const ProtocolSpec& protocol, std::uint64_t seed,
                        const std::stop_token& stop, const OnShown& on_shown) {
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = arm.arm().name;
  record.seed = seed;
  const double begun = thread_seconds();
  const auto tell = [&](std::size_t done, std::size_t of) {
    const double share = static_cast<double>(done) / static_cast<double>(of);
    if (on_shown) on_shown({"measuring", done, of, share, std::nullopt});
  };
  try {
    auto found = measure<T>({protocol, *arm.arm().spiking, seed, stop, tell}, arm.drives());
    if (!found) {
      record.status = "interrupted";
      return outcome;
    }
    record.metrics = std::move(found->metrics);
    record.metrics["seconds"] = thread_seconds() - begun;
    found->document["type"] = protocol.type;
    outcome.measurement = std::make_shared<const nlohmann::json>(std::move(found->document));
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    record.status = "failed";
    record.error = error.text();
  }
  return outcome;
}

template <class T>
void check_protocol(const PreparedArm& arm, ProtocolSpec protocol, std::uint64_t seed) {
  const SpikingSpec& network = *arm.arm().spiking;
  protocol.pairs = protocol.samples = 1;
  protocol.values.to = protocol.values.from;
  protocol.show = std::min(protocol.show, network.dt);
  const std::stop_token never;
  try {
    naming_arm(arm.arm().name, [&] {
      const auto ignore = [](std::size_t, std::size_t) {};
      (void)measure<T>({protocol, network, seed, never, ignore}, arm.drives());
    });
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;  // the run will tell
  }
}

template RunOutcome run_protocol<float>(const PreparedArm&, const ProtocolSpec&, std::uint64_t,
                                        const std::stop_token&, const OnShown&);
template RunOutcome run_protocol<double>(const PreparedArm&, const ProtocolSpec&, std::uint64_t,
                                         const std::stop_token&, const OnShown&);
template void check_protocol<float>(const PreparedArm&, ProtocolSpec, std::uint64_t);
template void check_protocol<double>(const PreparedArm&, ProtocolSpec, std::uint64_t);

}  // namespace deltaw
