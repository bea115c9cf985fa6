// SPDX-License-Identifier: Apache-2.0
// Fills the embedded template with its style, scripts and one block of JSON.
#include "report/page.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "embedded/d3.hpp"
#include "embedded/d3_license.hpp"
#include "embedded/page_alignment.hpp"
#include "embedded/page_analyses.hpp"
#include "embedded/page_charts.hpp"
#include "embedded/page_costs.hpp"
#include "embedded/page_ensemble.hpp"
#include "embedded/page_feature_courses.hpp"
#include "embedded/page_features.hpp"
#include "embedded/page_forgetting.hpp"
#include "embedded/page_format.hpp"
#include "embedded/page_live.hpp"
#include "embedded/page_main.hpp"
#include "embedded/page_measurements.hpp"
#include "embedded/page_mosaics.hpp"
#include "embedded/page_pictures.hpp"
#include "embedded/page_recordings.hpp"
#include "embedded/page_results.hpp"
#include "embedded/page_standings.hpp"
#include "embedded/page_style.hpp"
#include "embedded/page_tables.hpp"
#include "embedded/page_template.hpp"
#include "embedded/page_trials.hpp"
#include "embedded/page_tuning.hpp"
#include "embedded/plot.hpp"
#include "embedded/plot_license.hpp"
#include "report/ensemble_data.hpp"
#include "report/live_data.hpp"
#include "report/live_page.hpp"
#include "report/page_data.hpp"
#include "report/tuning_data.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

// JSON that no HTML parser can take for markup, whatever its strings hold.
std::string json_for_html(const nlohmann::json& document) {
  const std::string plain = document.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  std::string safe;
  safe.reserve(plain.size());
  for (const char c : plain) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

using Parts = std::map<std::string_view, std::string_view>;

// Each "{{name}}" replaced once; what is put in is not searched again.
std::string filled(std::string_view text, const Parts& parts) {
  std::string page;
  for (;;) {
    const std::size_t open = text.find("{{");
    const std::size_t close = text.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    page += text.substr(0, open);
    page += parts.at(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 2);
  }
  page += text;
  return page;
}

// The page of a comparison, without its data.
Parts parts_of_comparison() {
  return {{"style", embedded::page_style},
          {"d3_license", embedded::d3_license},
          {"d3", embedded::d3},
          {"plot_license", embedded::plot_license},
          {"plot", embedded::plot},
          {"format", embedded::page_format},
          {"charts", embedded::page_charts},
          {"tables", embedded::page_tables},
          {"costs", embedded::page_costs},
          {"standings", embedded::page_standings},
          {"trials", embedded::page_trials},
          {"analyses", embedded::page_analyses},
          {"alignment", embedded::page_alignment},
          {"mosaics", embedded::page_mosaics},
          {"pictures", embedded::page_pictures},
          {"features", embedded::page_features},
          {"feature_courses", embedded::page_feature_courses},
          {"recordings", embedded::page_recordings},
          {"measurements", embedded::page_measurements},
          {"forgetting", embedded::page_forgetting},
          {"main", embedded::page_main},
          {"connect", ""}};
}

// Of another page, whose script is `main`: of a comparison's it needs those that others build on.
Parts parts_of(std::string_view main) {
  Parts parts = parts_of_comparison();
  for (auto& [name, text] : parts) {
    const bool is_script = text.starts_with("// SPDX");
    if (is_script && name != "format" && name != "charts" && name != "tables") text = "";
  }
  parts["main"] = main;
  return parts;
}

std::string page_of(Parts parts, const nlohmann::json& data) {
  const std::string text = json_for_html(data);
  parts["data"] = text;
  return filled(embedded::page_template, parts);
}

void write_page(const std::filesystem::path& folder, const Parts& parts,
                const nlohmann::json& data) {
  write_file(folder / "report.html", page_of(parts, data));
}

}  // namespace

void write_report(const std::filesystem::path& result_folder) {
  const ResultFolder folder = ResultFolder::open(result_folder);
  write_page(result_folder, parts_of_comparison(), page_data(folder));
}

void write_tuning_report(const std::filesystem::path& folder) {
  write_page(folder, parts_of(embedded::page_tuning), tuning_data(folder));
}

void write_ensemble_report(const std::filesystem::path& folder) {
  write_page(folder, parts_of(embedded::page_ensemble), ensemble_data(folder));
}

std::string live_page(const std::string& folder, const nlohmann::json& head,
                      const nlohmann::json& recorded) {
  Parts parts = parts_of(embedded::page_live);
  parts["connect"] = "; connect-src 'self'";
  return page_of(parts, live_data(folder, head, recorded));
}

std::string results_page() {
  return filled(embedded::page_results, {{"style", embedded::page_style}});
}

}  // namespace deltaw
