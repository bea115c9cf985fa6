// SPDX-License-Identifier: Apache-2.0
// A piece is an entry of the agenda; its answer is a line of trials.jsonl.
#include "tuning/tune_over_ranks.hpp"

#include <nlohmann/json.hpp>

#include "comparison/runner.hpp"
#include "core/clock.hpp"
#include "tuning/agenda.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Given {
  Agenda::Entry entry;
  Stopwatch since = {};
};

}  // namespace

WorkerLoad tune_over_ranks(Ranks& ranks, const CheckRank& check, const TuningPlan& plan,
                           const std::vector<TrialRecord>& done, const std::stop_token& stop,
                           const TuningListener& listener) {
  const json document = plan.to_json();
  Agenda agenda(plan, done);
  std::vector<std::optional<Given>> given(static_cast<std::size_t>(ranks.size()));  // by rank
  const auto give = [&](int rank) -> std::optional<std::string> {
    const auto entry = agenda.take_now();
    if (!entry) return std::nullopt;
    given[static_cast<std::size_t>(rank)] = Given{*entry};
    const Bracket::Run& run = entry->run;
    return json({entry->arm, run.trial, run.rung, run.seed}).dump();
  };
  const auto hear = [&](int rank, const std::string& line) {
    const Given& answered = *given[static_cast<std::size_t>(rank)];
    const TrialRecord record = parse_trial(json::parse(line), document);
    agenda.finish(answered.entry, record.score, answered.since.seconds());
    if (listener.on_run) listener.on_run(record);
  };
  WorkerLoad load{static_cast<std::size_t>(ranks.size() - 1)};
  const Stopwatch whole;
  deal(ranks, {check, give, [&] { return agenda.is_over(); }, hear, listener.on_wait}, stop);
  load.wall = whole.seconds();
  return load;
}

void follow_tuning(Ranks& ranks, const std::string& told, const TuningPlan& plan, const Task& task,
                   Catalogue& catalogue) {
  const json document = plan.to_json();
  Runner runner(plan.experiment, task, false);
  follow(ranks, told, [&](const std::string& piece, const Tell& tell, const std::stop_token& stop) {
    const json what = json::parse(piece);
    const auto record =
        run_entry(plan, {what[0], {what[1], what[2], what[3]}}, runner, catalogue, stop);
    if (record) tell(to_json(*record, document).dump());
  });
}

}  // namespace deltaw
