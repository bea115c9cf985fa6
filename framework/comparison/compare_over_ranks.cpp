// SPDX-License-Identifier: Apache-2.0
// A piece is the number of a run and, after a colon, the state that is kept of it, if there is one.
#include "comparison/compare_over_ranks.hpp"

#include <algorithm>

#include "comparison/message.hpp"
#include "comparison/message_bytes.hpp"
#include "comparison/numbered_runs.hpp"
#include "comparison/runner.hpp"

namespace deltaw {

void compare_over_ranks(Ranks& ranks, const CheckRank& check, const Experiment& experiment,
                        const std::vector<PreparedArm>& arms, const std::stop_token& stop,
                        const Listener& listener, const Earlier& earlier) {
  const NumberedRuns runs{experiment, arms};
  std::vector<std::size_t> given(static_cast<std::size_t>(ranks.size()));  // by rank
  std::size_t next = 0;
  const auto give = [&](int rank) -> std::optional<std::string> {
    while (next < runs.count() && runs.has_ended(next, earlier)) ++next;
    if (next == runs.count()) return std::nullopt;
    const std::size_t run = next++;
    given[static_cast<std::size_t>(rank)] = run;
    std::optional<std::string> state;
    if (earlier.state) state = earlier.state(runs.name(run), runs.seed(run));
    return std::to_string(run) + (state ? ":" + *state : "");
  };
  const auto hear = [&](int rank, const std::string& message) {
    const std::size_t run = given[static_cast<std::size_t>(rank)];
    deliver(message_of(message, runs.name(run), runs.seed(run)), listener);
  };
  deal(ranks, {check, give, [&] { return next == runs.count(); }, hear, listener.on_wait}, stop);
}

void follow_comparison(Ranks& ranks, const std::string& told, const Experiment& experiment,
                       const std::vector<PreparedArm>& arms, const Task& task,
                       std::chrono::duration<double> between_states) {
  const NumberedRuns runs{experiment, arms};
  const Telling telling = {std::max<std::size_t>(1, experiment.jobs), between_states};
  Runner runner(experiment, task);
  follow(ranks, told, [&](const std::string& piece, const Tell& tell, const std::stop_token& stop) {
    const std::size_t run = std::stoul(piece), colon = piece.find(':');
    std::optional<std::string> state;
    if (colon != std::string::npos) state = piece.substr(colon + 1);
    const Put put = [&](const Message& message) { tell(bytes_of(message)); };
    const Earlier earlier = {.state = [&](const std::string&, std::uint64_t) { return state; }};
    const RunPlan plan =
        plan_run(experiment, telling, earlier, runs.name(run), runs.seed(run), put);
    put(runner.run(runs.arm(run), runs.seed(run), plan, stop));
  });
}

}  // namespace deltaw
