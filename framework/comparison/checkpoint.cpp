// SPDX-License-Identifier: Apache-2.0
// Layout: rule, seed, curve, alignment, errors, and then what the run adds.
#include "comparison/checkpoint.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "core/error.hpp"
#include "result/alignment_json.hpp"
#include "result/metrics_csv.hpp"

namespace deltaw {

Checkpoint::Checkpoint(const StatePlan& plan, RunRecord& record, Save save)
    : plan_(plan), record_(record), save_(std::move(save)) {}

bool Checkpoint::resume(const Load& load) {
  if (!plan_.kept) return false;
  try {
    restore(load);
  } catch (const nlohmann::json::exception& error) {
    throw Error(Code::E306, "the saved state has a damaged document", {.found = error.what()});
  }
  return true;
}

void Checkpoint::restore(const Load& load) {
  StateReader reader(std::as_bytes(std::span(*plan_.kept)));
  reader.expect("rule", record_.rule);
  reader.expect("seed", record_.seed);
  const auto curves = parse_metrics_csv(reader.text("curve"), "the saved state");
  if (!curves.empty()) record_.curve = curves.front().curve;
  record_.alignment = parse_alignment(nlohmann::json::parse(reader.text("alignment")));
  record_.errors.resize(reader.count("errors made"));
  reader.matrix("errors", record_.errors.data(), record_.errors.size(), 1);
  const double done = load(reader);
  reader.finish();
  if (plan_.on_resumed) plan_.on_resumed(done);
}

void Checkpoint::pass() {
  if (plan_.on_state && std::chrono::steady_clock::now() - kept_ >= plan_.every) keep();
}

void Checkpoint::keep_interrupted() {
  if (plan_.on_state && record_.status == "interrupted") keep();
}

void Checkpoint::keep() {
  StateWriter writer;
  writer.text("rule", record_.rule);
  writer.integer("seed", record_.seed);
  writer.text("curve", metrics_csv({record_}));
  writer.text("alignment", alignment_json(record_.alignment).dump());
  writer.integer("errors made", record_.errors.size());
  writer.matrix("errors", record_.errors.data(), record_.errors.size(), 1);
  save_(writer);
  const std::vector<std::byte>& bytes = writer.bytes();
  plan_.on_state({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  kept_ = std::chrono::steady_clock::now();
}

}  // namespace deltaw
