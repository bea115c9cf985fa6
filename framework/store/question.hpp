// SPDX-License-Identifier: Apache-2.0
// A SELECT on what folders of results hold. The folders are the truth: the tables are made for the
// question, only those that it names, and gone with it. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

class Question {
 public:
  // Reads what `sql` needs of `folders`. Error: E002 for SQL that is wrong, or would do anything
  // but read these tables.
  Question(const std::string& sql, const std::vector<std::filesystem::path>& folders);
  ~Question();
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  [[nodiscard]] std::vector<std::string> columns() const;
  // The next row: numbers, texts and nulls; none after the last. Error: E002.
  [[nodiscard]] std::optional<std::vector<nlohmann::json>> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace deltaw
