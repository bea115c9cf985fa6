// SPDX-License-Identifier: Apache-2.0
// From JSON to scenes and stimuli; shapes are checked here, so that no probe reads beyond them.
#include "conformance/case_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "conformance/network_probe.hpp"
#include "core/json.hpp"
#include "embedded/case_schema.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr JsonCodes k_codes = {Code::E700, Code::E700, Code::E701, Code::E701};
constexpr std::size_t k_rewarded = 8;  // updates of a spiking scene that has a reward among them

json read(const fs::path& file) {
  static const JsonSchema schema(json::parse(embedded::case_schema));
  json document = read_json(file, k_codes);
  schema.check(document, file.string(), k_codes);
  return document;
}

// One case of one file, which names what is wrong with it.
class Reader {
 public:
  Reader(const fs::path& file, const json& document, const RuleSpec& rule)
      : where_(fmt::format("{}: case '{}'", file.string(), document["name"].get<std::string>())),
        document_(document),
        rule_(rule) {}

  Case read() {
    Case out;
    out.name = document_["name"];
    out.parameters = resolve_parameters(rule_, document_.value("parameters", json::object()));
    const json tolerance = document_.value("tolerance", json::object());
    out.tolerance_f32 = tolerance.value("f32", 1e-5);
    out.tolerance_f64 = tolerance.value("f64", 1e-12);
    for (const json& draw : document_.value("draws", json::array())) {
      out.draws.push_back({draw["kind"] == "normal", draw["stream"], draw.value("counter", 0u),
                           matrix(draw["values"], "draws")});
    }
    scene_.dynamics = dynamics();
    scene_.dt = document_.value("dt", 1.0);
    scene_.is_in_place = document_.value("in_place", false);
    scene_.has_pieces = rule_.phases.has_value() || document_.value("in_pieces", false);
    rule_.scope == Scope::network ? read_network(out) : read_connection(out);
    out.scene = scene_;
    return out;
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& expected = "",
                           const std::string& found = "") const {
    throw Error(Code::E701, fmt::format("{}: {}", where_, what),
                {.expected = expected,
                 .found = found,
                 .hint = "the signals of the manifest, in the shapes of docs/contract.md"});
  }

  [[nodiscard]] Dynamics dynamics() const {
    if (!document_.contains("dynamics")) return rule_.dynamics.front();
    for (const Dynamics known : rule_.dynamics) {
      if (name_of(known) == document_["dynamics"]) return known;
    }
    refuse(fmt::format("the rule does not declare {} dynamics", document_["dynamics"].dump()));
  }

  [[nodiscard]] arma::mat matrix(const json& rows, const std::string& name) const {
    const std::size_t columns = rows.empty() ? 0 : rows[0].size();
    arma::mat out(rows.size(), columns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].size() != columns) refuse(name + ": its rows differ in length");
      for (std::size_t j = 0; j < columns; ++j) {
        out(i, j) = rows[i][j].is_null() ? std::numeric_limits<double>::quiet_NaN()
                                         : rows[i][j].get<double>();
      }
    }
    return out;
  }
  [[nodiscard]] arma::mat matrix(const json& rows, const std::string& name, std::size_t n_rows,
                                 std::size_t n_cols) const {
    arma::mat out = matrix(rows, name);
    if (out.n_rows != n_rows || out.n_cols != n_cols) {
      refuse(name + " has another shape", fmt::format("{} x {}", n_rows, n_cols),
             fmt::format("{} x {}", out.n_rows, out.n_cols));
    }
    return out;
  }
  // Units x 1, 1 where the unit spikes.
  [[nodiscard]] arma::mat spikes(const json& units, const std::string& name,
                                 std::size_t count) const {
    arma::mat out(count, 1, arma::fill::zeros);
    for (const json& unit : units) {
      if (unit.get<std::size_t>() >= count) {
        refuse(name + ": no such unit", fmt::format("0 to {}", count - 1), unit.dump());
      }
      out(unit.get<std::size_t>(), 0) = 1;
    }
    return out;
  }

  // Reads what every update shows; weights and delays stay.
  void read_connection(Case& out) {
    const json& first = document_["updates"][0];
    if (!first["expected"].is_array()) refuse("expected: one matrix, outputs x inputs");
    const arma::mat example = matrix(first["expected"], "expected");
    scene_.outputs = example.n_rows;
    scene_.inputs = example.n_cols;
    const json shown = first.value("signals", json::object());
    scene_.columns = columns_of(shown);
    scene_.updates = std::max(document_["updates"].size(), k_rewarded);
    scene_.has_delays = shown.contains("delays");
    json kept = json::object();
    for (const json& update : document_["updates"]) {
      json signals = update.value("signals", json::object());
      for (const char* name : {"weights", "delays"}) {
        if (signals.contains(name)) kept[name] = signals[name];
      }
      signals.update(kept);
      out.stimulus.parts.push_back(parts(signals));
      out.expected.emplace_back(
          arma::vectorise(matrix(update["expected"], "expected", scene_.outputs, scene_.inputs)));
    }
  }

  std::size_t columns_of(const json& signals) {
    std::size_t columns = 0;
    for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
      const std::string name(signal_name(signal));
      const bool has_units =
          belongs_to(signal) == Belongs::source || belongs_to(signal) == Belongs::target;
      if (!signals.contains(name) || signals[name].empty() || is_spikes(signal)) continue;
      if (has_units) return signals[name][0].size();
      if (signal == DELTAW_REWARD) columns = signals[name][0].size();
    }
    return std::max<std::size_t>(columns, 1);
  }

  std::vector<arma::mat> parts(const json& signals) {
    std::vector<arma::mat> out(DELTAW_SIGNAL_COUNT);
    for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
      const std::string name(signal_name(signal));
      const bool is_optional = scene_.dynamics == Dynamics::spiking || signal == DELTAW_DELAYS;
      const bool is_asked =
          rule_.declares(signal) || (signal == DELTAW_WEIGHTS && scene_.is_in_place);
      if (signals.contains(name) != is_asked && !(is_asked && is_optional)) {
        refuse(fmt::format("{}: {}", name,
                           is_asked ? "the rule declares it, and the case does not show it"
                                    : "the rule does not declare it"));
      }
      if (is_spikes(signal) && is_asked) {
        const std::size_t units = signal == DELTAW_SPIKES_PRE ? scene_.inputs : scene_.outputs;
        out[signal] = spikes(signals.value(name, json::array()), name, units);
      } else if (signals.contains(name)) {
        out[signal] = shown(signal, name, signals[name]);
      }
    }
    return out;
  }

  static bool is_spikes(std::uint32_t signal) {
    return signal == DELTAW_SPIKES_PRE || signal == DELTAW_SPIKES_POST;
  }

  arma::mat shown(std::uint32_t signal, const std::string& name, const json& rows) {
    if (signal == DELTAW_REWARD && !rows.empty() && scene_.dynamics == Dynamics::rate) {
      scene_.is_rewarded_by_step = rows[0].size() > 1;
    }
    const auto [n_rows, n_cols] = shape_of(signal, scene_);
    return matrix(rows, name, n_rows, n_cols);
  }

  void read_network(Case& out) {
    const json& first = document_["updates"][0];
    for (const json& update : document_["updates"]) {
      if (!update.contains("layers") || !update.contains("weights") || !update.contains("target") ||
          !update["expected"].is_object()) {
        refuse("a rule of network scope is shown layers, weights and a target",
               "\"expected\" for each connection");
      }
    }
    const json& input = first["layers"].value("input", json::array());
    scene_.inputs = input.size();
    scene_.columns = matrix(input, "input").n_cols;
    scene_.updates = document_["updates"].size();
    for (const Graph::Layer& layer : probed_graph(rule_, scene_).layers) {
      if (layer.is_input || layer.is_output) continue;
      scene_.outputs = first["layers"].value(layer.name, json::array()).size();
    }
    if (scene_.inputs == 0 || scene_.outputs == 0) refuse("layers: without units");
    const Graph graph = probed_graph(rule_, scene_);
    for (const json& update : document_["updates"]) {
      std::vector<arma::mat>& parts = out.stimulus.parts.emplace_back();
      for (const Graph::Layer& layer : graph.layers) {
        parts.push_back(layer.name == k_one
                            ? arma::mat(1, scene_.columns, arma::fill::ones)
                            : named(update["layers"], layer.name, layer.units, scene_.columns));
      }
      arma::vec expected;
      for (const Graph::Connection& c : graph.connections) {
        const std::size_t to = graph.layers[c.target].units, from = graph.layers[c.source].units;
        parts.push_back(named(update["weights"], c.name, to, from));
        expected =
            arma::join_cols(expected, arma::vectorise(named(update["expected"], c.name, to, from)));
      }
      parts.push_back(
          matrix(update["target"], "target", graph.layers[graph.output].units, scene_.columns));
      out.expected.push_back(expected);
    }
  }

  [[nodiscard]] arma::mat named(const json& matrices, const std::string& name, std::size_t n_rows,
                                std::size_t n_cols) const {
    if (!matrices.contains(name)) refuse(fmt::format("'{}' is missing", name));
    return matrix(matrices[name], name, n_rows, n_cols);
  }

  std::string where_;
  const json& document_;
  const RuleSpec& rule_;
  Scene scene_;
};

}  // namespace

std::vector<fs::path> case_files(const Manifest& manifest) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(manifest.file.parent_path(), ignored)) {
    const fs::path& file = entry.path();
    if (file.filename().string().ends_with(".case.json")) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Case> read_cases(const std::vector<fs::path>& files, const RuleSpec& rule) {
  std::vector<Case> cases;
  for (const fs::path& file : files) {
    const json document = read(file);
    if (document["rule"] != rule.id) continue;
    for (const json& one : document["cases"]) cases.push_back(Reader(file, one, rule).read());
  }
  return cases;
}

void require_case_file(const fs::path& file) { static_cast<void>(read(file)); }

std::vector<OthersCase> read_others_cases(const fs::path& file, const RuleSpec& rule) {
  const json document = read(file);
  std::vector<OthersCase> cases;
  for (const json& one : document["cases"]) {
    OthersCase& other = cases.emplace_back(OthersCase{one["name"], {}, {}});
    try {
      other.given = Reader(file, one, rule).read();
    } catch (const Error& error) {
      if (error.code() != Code::E201) throw;
      other.lacking = error.headline();
      if (!error.detail().hint.empty()) other.lacking += "; " + error.detail().hint;
    }
  }
  return cases;
}

}  // namespace deltaw
