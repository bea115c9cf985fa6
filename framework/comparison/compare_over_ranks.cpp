// SPDX-License-Identifier: Apache-2.0
// A piece is the number of a run and the state that is kept of it, in CBOR.
#include "comparison/compare_over_ranks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/message.hpp"
#include "comparison/message_bytes.hpp"
#include "comparison/runner.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Piece {
  std::size_t run;
  std::optional<std::string> state;
};

std::string bytes_of(const Piece& piece) {
  json what = {piece.run, json()};
  if (piece.state) {
    what[1] = json::binary(std::vector<std::uint8_t>(piece.state->begin(), piece.state->end()));
  }
  std::string bytes;
  json::to_cbor(what, bytes);
  return bytes;
}

Piece piece_of(const std::string& bytes) {
  const json what = json::from_cbor(bytes);
  Piece piece{what[0], {}};
  if (!what[1].is_null()) {
    piece.state.emplace(what[1].get_binary().begin(), what[1].get_binary().end());
  }
  return piece;
}

// Runs by number: the arms of one seed after the other.
struct Runs {
  const Experiment& experiment;
  const std::vector<PreparedArm>& arms;

  [[nodiscard]] std::size_t count() const { return arms.size() * experiment.seeds.size(); }
  [[nodiscard]] const PreparedArm& arm(std::size_t run) const { return arms[run % arms.size()]; }
  [[nodiscard]] std::uint64_t seed(std::size_t run) const {
    return experiment.seeds[run / arms.size()];
  }
};

}  // namespace

void compare_over_ranks(Ranks& ranks, const CheckRank& check, const Experiment& experiment,
                        const std::vector<PreparedArm>& arms, const std::stop_token& stop,
                        const Listener& listener, const Earlier& earlier) {
  const Runs runs{experiment, arms};
  std::vector<std::size_t> given(static_cast<std::size_t>(ranks.size()));  // by rank
  std::size_t next = 0;
  const auto has_ended = [&](std::size_t run) {
    return earlier.has_ended && earlier.has_ended(runs.arm(run).arm().name, runs.seed(run));
  };
  const auto give = [&](int rank) -> std::optional<std::string> {
    while (next < runs.count() && has_ended(next)) ++next;
    if (next == runs.count()) return std::nullopt;
    Piece piece{next++, {}};
    given[static_cast<std::size_t>(rank)] = piece.run;
    if (earlier.state) {
      piece.state = earlier.state(runs.arm(piece.run).arm().name, runs.seed(piece.run));
    }
    return bytes_of(piece);
  };
  const auto hear = [&](int rank, const std::string& message) {
    const std::size_t run = given[static_cast<std::size_t>(rank)];
    deliver(message_of(message, runs.arm(run).arm().name, runs.seed(run)), listener);
  };
  deal(ranks, {check, give, [&] { return next == runs.count(); }, hear, listener.on_wait}, stop);
}

void follow_comparison(Ranks& ranks, const std::string& told, const Experiment& experiment,
                       const std::vector<PreparedArm>& arms, const Task& task,
                       std::chrono::duration<double> between_states) {
  const Runs runs{experiment, arms};
  const Telling telling = {std::max<std::size_t>(1, experiment.jobs), between_states};
  Runner runner(experiment, task);
  follow(ranks, told, [&](const std::string& bytes, const Tell& tell, const std::stop_token& stop) {
    const Piece piece = piece_of(bytes);
    const PreparedArm& arm = runs.arm(piece.run);
    const std::uint64_t seed = runs.seed(piece.run);
    const Put put = [&](const Message& message) { tell(bytes_of(message)); };
    const Earlier earlier = {
        .state = [&](const std::string&, std::uint64_t) { return piece.state; }};
    const RunPlan plan = plan_run(experiment, telling, earlier, arm.arm().name, seed, put);
    put(runner.run(arm, seed, plan, stop));
  });
}

}  // namespace deltaw
