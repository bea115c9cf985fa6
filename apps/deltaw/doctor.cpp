// SPDX-License-Identifier: Apache-2.0
// deltaw doctor: what is here, what is missing, and what to do about it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "aligned.hpp"
#include "core/program.hpp"
#include "data/sources.hpp"
#include "options.hpp"
#include "plugin/scaffold.hpp"
#include "plugin_options.hpp"
#include "task/find_data.hpp"
#include "version.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// One thing that was looked for. `advice`: what to do where it is not in order.
struct Finding {
  std::string part, what, state;  // "ok", "missing" or "wrong"; "optional" where none is needed
  std::string detail, advice;
};

class Doctor {
 public:
  explicit Doctor(const po::variables_map& values) {
    look_at_program();
    look_for_rules(make_catalogue(values));
    look_for_data();
    look_for_tools();
  }

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

 private:
  void add(std::string part, std::string what, std::string state, std::string detail,
           std::string advice = "") {
    findings_.push_back(
        {std::move(part), std::move(what), std::move(state), std::move(detail), std::move(advice)});
  }

  void look_at_program() {
    add("program", "deltaw", "ok", fmt::format("{}, {}", DELTAW_VERSION, program_file().string()));
    for (const auto& [what, which] : build_facts()) add("program", what, "ok", which);
    add("program", "processors", "ok", fmt::format("{}", std::thread::hardware_concurrency()));
  }

  void look_for_rules(const Catalogue& catalogue) {
    std::size_t usable = 0;
    for (const CatalogueEntry& entry : catalogue.entries()) {
      if (entry.state == CatalogueEntry::State::ok) ++usable;
      if (entry.state != CatalogueEntry::State::refused) continue;
      add("rules", entry.file.filename().string(), "wrong",
          entry.error ? entry.error->headline() : "refused",
          entry.error ? entry.error->detail().hint : "");
    }
    std::string folders;
    for (const Visit& visit : catalogue.visits()) {
      if (!visit.manifests.empty())
        folders += (folders.empty() ? "" : ", ") + visit.place.path.string();
    }
    if (usable > 0) return add("rules", "rules", "ok", fmt::format("{} in {}", usable, folders));
    add("rules", "rules", "missing", "no rule was found",
        "deltaw rules says where it looked; cmake --build builds plugins, cmake --install puts "
        "them "
        "beside the program");
  }

  void look_for_data() {
    const DataFolders folders = data_folders();
    for (const PublishedSet& set : published_sets()) {
      const bool is_here = std::ranges::all_of(set.files, [&](const PublishedFile& file) {
        return seek_data(set.name + "/" + file.name, folders).has_value();
      });
      if (is_here) {
        add("data", set.name, "ok", set.title);
      } else if (set.is_shipped) {
        add("data", set.name, "missing", set.title, "it comes with deltaw: install it again");
      } else {
        add("data", set.name, "optional", set.title, "deltaw data fetch " + set.name);
      }
    }
  }

  // What the author of a rule needs, with the Debian package that has it.
  void look_for_tools() {
    for (const auto& [program, package] :
         {std::pair("c++", "g++"), std::pair("cmake", "cmake"), std::pair("cargo", "cargo")}) {
      const std::string path = on_path(program);
      if (!path.empty()) add("authors", program, "ok", path);
      if (path.empty()) {
        add("authors", program, "optional", "not on the PATH",
            fmt::format("apt-get install {}", package));
      }
    }
    std::error_code ignored;
    const bool has_armadillo = fs::exists("/usr/include/armadillo", ignored) ||
                               fs::exists("/usr/local/include/armadillo", ignored);
    add("authors", "Armadillo's headers", has_armadillo ? "ok" : "optional",
        has_armadillo ? "for rules in C++" : "rules in C++ need them",
        has_armadillo ? "" : "apt-get install libarmadillo-dev libopenblas-dev");
    try {
      add("authors", "templates", "ok", templates_folder().string());
    } catch (const Error& error) {
      add("authors", "templates", "missing", error.headline(), error.detail().hint);
    }
    if (is_installed()) {
      add("authors", "find_package(deltaw)", "ok",
          fmt::format("-DCMAKE_PREFIX_PATH={}", program_prefix().string()));
    } else {
      add("authors", "find_package(deltaw)", "optional", "this deltaw is not installed",
          "cmake --install BUILD --prefix PREFIX");
    }
  }

  static std::string on_path(const std::string& program) {
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      const fs::path file = fs::path(folder) / program;
      if (!folder.empty() && access(file.c_str(), X_OK) == 0) return file.string();
    }
    return "";
  }

  std::vector<Finding> findings_;
};

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  std::vector<Row> rows;
  const auto flush = [&] {
    text += aligned(rows, "  ");
    rows.clear();
  };
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    if (i == 0 || finding.part != findings[i - 1].part) {
      flush();
      text += fmt::format("{}{}\n", i == 0 ? "" : "\n", finding.part);
    }
    rows.push_back({finding.state == "optional" ? "-" : finding.state, finding.what,
                    finding.advice.empty()
                        ? finding.detail
                        : fmt::format("{}: {}", finding.detail, finding.advice)});
  }
  flush();
  return text;
}

json json_of(const std::vector<Finding>& findings) {
  json out = json::array();
  for (const Finding& finding : findings) {
    out.push_back({{"part", finding.part},
                   {"what", finding.what},
                   {"state", finding.state},
                   {"detail", finding.detail},
                   {"advice", finding.advice}});
  }
  return out;
}

}  // namespace

CommandLine doctor_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw doctor [options]\n\n"
      "Says what deltaw was built with, which rules and data it finds, and what the author of a\n"
      "rule has; what is missing comes with what to do. Exit status 3 when something that deltaw\n"
      "needs is missing or wrong.\n";
  add_plugin_options(line.shown);
  line.shown.add_options()("json", "print JSON instead of text");
  return line;
}

int run_doctor(const Arguments& arguments) {
  const auto values = parse(arguments, doctor_line());
  if (!values) return 0;
  const Doctor doctor(*values);
  if (values->count("json") > 0) {
    fmt::print("{}\n", json_of(doctor.findings()).dump(2));
  } else {
    fmt::print("{}", text_of(doctor.findings()));
  }
  const bool is_well = std::ranges::none_of(doctor.findings(), [](const Finding& finding) {
    return finding.state == "missing" || finding.state == "wrong";
  });
  return is_well ? 0 : 3;
}

}  // namespace deltaw
