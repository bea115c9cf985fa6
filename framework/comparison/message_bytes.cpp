// SPDX-License-Identifier: Apache-2.0
// CBOR keeps what text would not: NaN, infinities, and every bit.
#include "comparison/message_bytes.hpp"

#include <cstring>
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

RunRecord record_of(const json& from, const std::string& rule, std::uint64_t seed) {
  RunRecord record;
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
  return record;
}

json of(const NpyMatrix& matrix) {
  const auto bytes = std::visit(
      [](const auto& values) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
        return std::vector<std::uint8_t>(first, first + values.size() * sizeof values.front());
      },
      matrix.values);
  return {matrix.rows, matrix.columns, matrix.values.index(), json::binary(bytes)};
}

template <class Value>
std::vector<Value> values_of(const json& binary) {
  const std::vector<std::uint8_t>& bytes = binary.get_binary();
  std::vector<Value> values(bytes.size() / sizeof(Value));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

NpyMatrix matrix_of(const json& from) {
  NpyMatrix matrix;
  matrix.rows = from[0];
  matrix.columns = from[1];
  const auto kind = from[2].get<std::size_t>();
  if (kind == 0) matrix.values = values_of<float>(from[3]);
  if (kind == 1) matrix.values = values_of<double>(from[3]);
  if (kind == 2) matrix.values = values_of<std::int64_t>(from[3]);
  return matrix;
}

using Named = std::vector<std::pair<std::string, NpyMatrix>>;

json of(const Named& matrices) {
  json out = json::array();
  for (const auto& [name, matrix] : matrices) out.push_back({name, of(matrix)});
  return out;
}

Named matrices_of(const json& from) {
  Named matrices;
  for (const json& entry : from) {
    matrices.emplace_back(entry[0].get<std::string>(), matrix_of(entry[1]));
  }
  return matrices;
}

using Document = std::shared_ptr<const json>;

json of(const Document& document) { return document ? *document : json(); }

Document document_of(const json& from) {
  return from.is_null() ? nullptr : std::make_shared<const json>(from);
}

json of(const RunOutcome& outcome) {
  return {{"record", of(outcome.record)},          {"weights", of(outcome.weights)},
          {"confusion", of(outcome.confusion)},    {"arrays", of(outcome.arrays)},
          {"analysis", of(outcome.analysis)},      {"features", of(outcome.features)},
          {"measurement", of(outcome.measurement)}};
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
  if (const auto* kept = std::get_if<StateMessage>(&message)) {
    return {"state",
            json::binary(std::vector<std::uint8_t>(kept->state.begin(), kept->state.end()))};
  }
  return {"outcome", of(std::get<RunOutcome>(message))};
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
  if (kind == "state") {
    const std::vector<std::uint8_t>& state = from[1].get_binary();
    return StateMessage{rule, seed, std::string(state.begin(), state.end())};
  }
  const json& outcome = from[1];
  return RunOutcome{.record = record_of(outcome["record"], rule, seed),
                    .weights = matrices_of(outcome["weights"]),
                    .confusion = matrix_of(outcome["confusion"]),
                    .arrays = matrices_of(outcome["arrays"]),
                    .analysis = document_of(outcome["analysis"]),
                    .features = document_of(outcome["features"]),
                    .measurement = document_of(outcome["measurement"])};
}

}  // namespace deltaw
