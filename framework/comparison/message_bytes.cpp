// SPDX-License-Identifier: Apache-2.0
// CBOR keeps what text would not: NaN, infinities, and every bit.
#include "comparison/message_bytes.hpp"

#include <nlohmann/json.hpp>

namespace deltaw {
namespace {

using nlohmann::json;

json of(const std::optional<double>& value) { return value ? json(*value) : json(); }

std::optional<double> number_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

// What is measured, in one order.
constexpr std::optional<double> EpochRow::*k_columns[] = {
    &EpochRow::train_loss,      &EpochRow::train_accuracy,
    &EpochRow::validation_loss, &EpochRow::validation_accuracy,
    &EpochRow::test_loss,       &EpochRow::test_accuracy,
    &EpochRow::alignment};
constexpr std::optional<double> AlignmentRow::*k_agreement[] = {
    &AlignmentRow::cosine,         &AlignmentRow::mean_cosine, &AlignmentRow::limit_cosine,
    &AlignmentRow::sum_cosine,     &AlignmentRow::norm_ratio,  &AlignmentRow::sign_agreement,
    &AlignmentRow::signal_to_noise};

json of(const EpochRow& row) {
  json out = {row.epoch, row.updates, row.seconds};
  for (const auto column : k_columns) out.push_back(of(row.*column));
  return out;
}

EpochRow row_of(const json& from) {
  EpochRow row{.epoch = from[0], .updates = from[1], .seconds = from[2]};
  std::size_t place = 3;
  for (const auto column : k_columns) row.*column = number_of(from[place++]);
  return row;
}

json of(const AlignmentRow& row) {
  json out = {row.epoch, row.rule, row.connection, row.updates, row.draws};
  for (const auto measure : k_agreement) out.push_back(of(row.*measure));
  return out;
}

AlignmentRow alignment_of(const json& from) {
  AlignmentRow row{.epoch = from[0],
                   .rule = from[1].get<std::string>(),
                   .connection = from[2].get<std::string>(),
                   .updates = from[3],
                   .draws = from[4]};
  std::size_t place = 5;
  for (const auto measure : k_agreement) row.*measure = number_of(from[place++]);
  return row;
}

json of(const RunRecord& record) {
  json out = {{"status", record.status}, {"error", record.error},      {"errors", record.errors},
              {"curve", json::array()},  {"alignment", json::array()}, {"metrics", json::object()}};
  for (const EpochRow& row : record.curve) out["curve"].push_back(of(row));
  for (const AlignmentRow& row : record.alignment) out["alignment"].push_back(of(row));
  for (const auto& [name, value] : record.metrics) out["metrics"][name] = of(value);
  return out;
}

RunOutcome outcome_of(const json& from, const std::string& rule, std::uint64_t seed) {
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = rule;
  record.seed = seed;
  record.status = from["status"].get<std::string>();
  record.error = from["error"].get<std::string>();
  record.errors = from["errors"].get<std::vector<float>>();
  for (const json& row : from["curve"]) record.curve.push_back(row_of(row));
  for (const json& row : from["alignment"]) record.alignment.push_back(alignment_of(row));
  for (const auto& [name, value] : from["metrics"].items()) {
    record.metrics[name] = number_of(value);
  }
  return outcome;
}

json of(const Message& message) {
  if (const auto* epoch = std::get_if<EpochMessage>(&message)) return {"epoch", of(epoch->row)};
  if (const auto* learnt = std::get_if<ReadoutMessage>(&message)) {
    return {"readout", learnt->readout, learnt->epoch, learnt->epochs};
  }
  if (const auto* told = std::get_if<ShownMessage>(&message)) {
    const Shown& shown = told->shown;
    return {"shown", shown.doing, shown.done, shown.of, shown.epochs, of(shown.accuracy)};
  }
  if (const auto* resumed = std::get_if<ResumedMessage>(&message))
    return {"resumed", resumed->done};
  return {"outcome", of(std::get<RunOutcome>(message).record)};
}

}  // namespace

std::string bytes_of(const Message& message) {
  std::string bytes;
  json::to_cbor(of(message), bytes);
  return bytes;
}

Message message_of(const std::string& bytes, const std::string& rule, std::uint64_t seed) {
  const json from = json::from_cbor(bytes);
  const auto kind = from[0].get<std::string>();
  if (kind == "epoch") return EpochMessage{rule, seed, row_of(from[1])};
  if (kind == "readout")
    return ReadoutMessage{rule, seed, from[1].get<std::string>(), from[2], from[3]};
  if (kind == "shown") {
    return ShownMessage{
        rule, seed, {from[1].get<std::string>(), from[2], from[3], from[4], number_of(from[5])}};
  }
  if (kind == "resumed") return ResumedMessage{rule, seed, from[1]};
  return outcome_of(from[1], rule, seed);
}

}  // namespace deltaw
