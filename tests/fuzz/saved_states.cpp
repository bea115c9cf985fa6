// SPDX-License-Identifier: Apache-2.0
// What a run keeps so that another process can go on with it.
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "core/error.hpp"
#include "experiment/load.hpp"
#include "input.hpp"
#include "places.hpp"
#include "points.hpp"

namespace deltaw::test {
namespace {

// Nine samples, two epochs of one batch, a rule with a state of its own beside an optimizer's.
Experiment tiny() {
  return parse_experiment(nlohmann::json::parse(R"({
    "deltaw": 1, "name": "tiny",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.5, "test": 0.5}},
    "network": {"layers": [{"name": "in", "units": 4}, {"name": "out", "units": 3, "activation": "softmax"}]},
    "training": {"epochs": 2, "batch": 16, "exploration": {"deviation": 0.1}},
    "optimizer": {"type": "adam", "rate": 0.01},
    "rules": ["node-perturbation"], "seeds": [3]})"),
                          "tiny.json");
}

class SavedStates final : public Input {
 public:
  SavedStates() : experiment_(tiny()) {
    Catalogue known({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                      SearchPlace::Kind::folder, "test", 0, ""}});
    for (const Arm& arm : experiment_.arms) arms_.emplace_back(arm, known);
    task_.data = points(18);
    task_.data.maximum = 2;
    run({}, &states_);
  }
  [[nodiscard]] bool is_json() const override { return false; }
  [[nodiscard]] std::vector<std::string> examples() const override { return states_; }
  void read(std::string_view bytes) override { run(std::string(bytes), nullptr); }

 private:
  void run(const std::optional<std::string>& kept, std::vector<std::string>* states) {
    Listener listener;
    if (states != nullptr) {
      listener.on_state = [&](const StateEvent& event) { states->push_back(event.state); };
    }
    compare(experiment_, arms_, task_, 1, {}, listener,
            {.state = [&](const std::string&, std::uint64_t) { return kept; }},
            std::chrono::duration<double>(0));
  }

  Experiment experiment_;
  std::vector<PreparedArm> arms_;
  Task task_;
  std::vector<std::string> states_;
};

}  // namespace

std::unique_ptr<Input> saved_states() { return std::make_unique<SavedStates>(); }

}  // namespace deltaw::test
