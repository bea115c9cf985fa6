// SPDX-License-Identifier: Apache-2.0
// Manifests, experiments and lists of parameters.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiment/load.hpp"
#include "input.hpp"
#include "places.hpp"
#include "plugin/manifest.hpp"
#include "plugin/parameters.hpp"
#include "result/file.hpp"
#include "scratch_file.hpp"

namespace deltaw::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t k_small = 20'000;  // bytes: of large files little would be tried

std::vector<fs::path> files_below(const char* folder, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(k_source_folder) / folder)) {
    const fs::path& file = entry.path();
    if (file.string().ends_with(ending) && entry.file_size() < k_small) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> contents(const std::vector<fs::path>& files) {
  std::vector<std::string> texts;
  for (const fs::path& file : files) texts.push_back(read_file(file));
  return texts;
}

class Manifests final : public Input {
 public:
  [[nodiscard]] std::vector<std::string> examples() const override {
    return contents(files_below("plugins", ".rule.json"));
  }
  void read(std::string_view bytes) override {
    static_cast<void>(read_manifest(file_.holding(bytes)));
  }

 private:
  ScratchFile file_{"fuzz.rule.json"};
};

class Experiments final : public Input {
 public:
  [[nodiscard]] std::vector<std::string> examples() const override {
    std::vector<fs::path> files = files_below("experiments", ".json");
    std::erase_if(files, [](const fs::path& file) {
      return file.string().find("/results/") != std::string::npos;
    });
    return contents(files);
  }
  void read(std::string_view bytes) override {
    static_cast<void>(load_experiment(file_.holding(bytes)));
  }

 private:
  ScratchFile file_{"experiment.json"};
};

// {"rule": number of a rule, "given": what an experiment gives it}.
class ParameterLists final : public Input {
 public:
  ParameterLists() {
    for (const fs::path& file : files_below("plugins", ".rule.json")) {
      for (RuleSpec& rule : read_manifest(file).rules) rules_.push_back(std::move(rule));
    }
  }
  [[nodiscard]] std::vector<std::string> examples() const override {
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < rules_.size(); ++k) {
      nlohmann::json given = nlohmann::json::object();
      for (const ResolvedParameter& parameter : resolve_parameters(rules_[k], nullptr)) {
        given[parameter.name] = to_json(parameter.value);
      }
      texts.push_back(nlohmann::json{{"rule", k}, {"given", given}}.dump());
    }
    return texts;
  }
  void read(std::string_view bytes) override {
    const auto document = nlohmann::json::parse(bytes, nullptr, false);
    // The schema of experiments lets no other pass.
    if (!document.is_object() || !document.contains("rule") || !document.contains("given") ||
        !document["rule"].is_number_unsigned() || !document["given"].is_object()) {
      throw Error(Code::E503, "no list of parameters");
    }
    const RuleSpec& rule = rules_[document["rule"].get<std::size_t>() % rules_.size()];
    const auto resolved = resolve_parameters(rule, document["given"]);
    static_cast<void>(abi_parameters(resolved));
  }

 private:
  std::vector<RuleSpec> rules_;
};

}  // namespace

std::unique_ptr<Input> manifests() { return std::make_unique<Manifests>(); }
std::unique_ptr<Input> experiments() { return std::make_unique<Experiments>(); }
std::unique_ptr<Input> parameter_lists() { return std::make_unique<ParameterLists>(); }

}  // namespace deltaw::test
