// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share: a folder that vanishes, a good manifest to spoil, caught
// errors.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.hpp"
#include "error_of.hpp"

namespace deltaw::test {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "deltaw-plugin-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = fs::canonical(name);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }
  // Writes text to a file below; makes folders on the way.
  fs::path write(const fs::path& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  fs::path write(const fs::path& name, const nlohmann::json& document) const {
    return write(name, document.dump(2));
  }

 private:
  fs::path path_;
};

// The manifest of tests/plugins/good_hebb.c, as its author would write it.
inline nlohmann::json good_manifest(const std::string& id = "good-hebb") {
  return nlohmann::json::parse(R"({
    "schema": 1, "abi": "1.0", "library": "good_hebb.so", "license": "Apache-2.0",
    "rules": [{
      "id": ")" + id + R"(", "version": "1.0.0", "name": "Hebb", "summary": "plain Hebb",
      "equation": "dW = scale * post pre^T", "references": ["Hebb 1949"],
      "signals": ["pre", "post"], "grain": "batch", "dynamics": ["static", "rate"],
      "locality": "synapse", "supervision": "none", "dtypes": ["f32", "f64"],
      "capabilities": ["concurrent", "deterministic"],
      "parameters": [
        {"name": "scale", "type": "number", "default": 1.0, "minimum": 0,
         "exclusive_minimum": true, "maximum": 10, "unit": "1", "help": "strength"},
        {"name": "delay", "type": "integer", "default": 2, "minimum": 0},
        {"name": "signed", "type": "boolean", "default": false},
        {"name": "variant", "type": "enum", "values": ["plain", "oja"], "default": "plain"},
        {"name": "label", "type": "string", "default": "h"}]
    }]
  })");
}

inline bool has(const std::string& text, const std::string& part) {
  const bool is_there = text.find(part) != std::string::npos;
  if (!is_there) MESSAGE("not in: " << text);
  return is_there;
}

}  // namespace deltaw::test
