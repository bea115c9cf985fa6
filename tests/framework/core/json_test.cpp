// SPDX-License-Identifier: Apache-2.0
#include "core/json.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "error_of.hpp"

using namespace deltaw;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr JsonCodes codes = {Code::E500, Code::E501, Code::E502, Code::E503};

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "deltaw-json-test") {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Error error_of_text(const std::string& text) {
  const Folder folder;
  const fs::path file = folder.write("x.json", text);
  Error error = error_of([&] { (void)read_json(file, codes); });
  CHECK(error.code() == Code::E501);
  return error;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

const json schema = json::parse(R"({
  "type": "object",
  "required": ["name"],
  "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "seeds": {"type": "integer", "minimum": 1, "maximum": 100},
    "training": {"$ref": "#/definitions/training"},
    "layers": {"type": "array", "minItems": 2, "items": {
      "type": "object", "additionalProperties": false,
      "properties": {"units": {"type": "integer"}, "name": {"type": "string"}}}},
    "optimizer": {"oneOf": [
      {"type": "string", "enum": ["sgd", "adam"]},
      {"type": "object", "additionalProperties": false, "required": ["type"],
       "properties": {"type": {"const": "sgd"}, "momentum": {"type": "number"}}},
      {"type": "object", "additionalProperties": false, "required": ["type"],
       "properties": {"type": {"const": "adam"}, "beta": {"type": "number"}}}]},
    "init": {"type": "object", "properties": {"type": {"enum": ["normal", "zeros"]}},
      "if": {"properties": {"type": {"const": "zeros"}}},
      "then": {"additionalProperties": false, "properties": {"type": {}}},
      "else": {"additionalProperties": false, "properties": {"type": {}, "deviation": {"type": "number"}}}}
  },
  "definitions": {"training": {"type": "object", "additionalProperties": false,
    "properties": {"epochs": {"type": "integer"}, "batch": {"type": "integer"}}}}
})");

Error error_of_document(const char* document) {
  return error_of([&] { validate(json::parse(document), schema, "x.json", codes); });
}

}  // namespace

TEST_CASE("a document is read as it stands") {
  const Folder folder;
  const fs::path file = folder.write("x.json", "{\"a\": [1, 2.5, \"\\u00e9\"]}\n");
  CHECK(read_json(file, codes) == json({{"a", {1, 2.5, "é"}}}));
}

TEST_CASE("a missing file names its nearest neighbour") {
  const Folder folder;
  folder.write("digits.json", "{}");
  const Error error = error_of([&] { (void)read_json(folder.path() / "digit.json", codes); });
  CHECK(error.code() == Code::E500);
  CHECK(has(error.headline(), "digit.json: no such file"));
  CHECK(error.detail().hint == (folder.path() / "digits.json").string());
}

TEST_CASE("a folder or a device is no document") {
  const Folder folder;
  const Error error = error_of([&] { (void)read_json(folder.path(), codes); });
  CHECK(error.code() == Code::E500);
  CHECK(has(error.text(), "found a folder"));
  CHECK(error_of([] { (void)read_json("/dev/zero", codes); }).code() == Code::E500);
}

TEST_CASE("a syntax error is found by line and column") {
  // The 'b' of line 3 stands in column 3; the parser stops at the end of that string, column 5.
  CHECK(has(error_of_text("{\n  \"a\": 1\n  \"b\": 2\n}").headline(), "x.json:3:5: "));
  CHECK(has(error_of_text("").headline(), "x.json:1:1: "));
  CHECK(has(error_of_text("{\"a\": tru}").headline(), "x.json:1:10: "));
  CHECK(has(error_of_text("[1e999]").headline(), "number overflow"));
  CHECK(has(error_of_text("[\"\xff\"]").headline(), "UTF-8"));
}

TEST_CASE("a key given twice is refused") {
  CHECK(has(error_of_text("{\"a\": {\"b\": 1, \"c\": 2, \"b\": 3}}").headline(),
            "key 'b' occurs twice"));
  const Folder folder;
  CHECK_NOTHROW((void)read_json(
      folder.write("x.json", "[{\"b\": 1, \"c\": {\"b\": 2}}, {\"b\": 3}]"), codes));
}

TEST_CASE("hostile nesting is an error, not a crash") {
  CHECK(has(error_of_text(std::string(5000000, '[')).text(), "x.json:1:65: nested too deeply"));
  const Folder folder;
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  CHECK_NOTHROW((void)read_json(folder.write("x.json", deep), codes));
  CHECK_NOTHROW(
      (void)read_json(folder.write("x.json", "[\"" + std::string(99, '[') + "\"]"), codes));
}

TEST_CASE("a huge file is refused by its size alone") {
  const Folder folder;
  const fs::path file = folder.write("x.json", "{}");
  fs::resize_file(file, std::uintmax_t{65} << 20);
  const Error error = error_of([&] { (void)read_json(file, codes); });
  CHECK(error.code() == Code::E501);
  CHECK(has(error.text(), "too large"));
}

TEST_CASE("a document that satisfies its schema passes") {
  CHECK_NOTHROW(validate(json::parse(R"({"name": "n", "seeds": 5, "training": {"epochs": 3},
    "layers": [{"units": 1}, {"units": 2}], "optimizer": {"type": "adam", "beta": 0.9},
    "init": {"type": "normal", "deviation": 1}})"),
                         schema, "x.json", codes));
}

TEST_CASE("an unknown key is named with its pointer and the nearest key known there") {
  const Error top = error_of_document(R"({"nme": "n"})");
  CHECK(top.code() == Code::E502);
  CHECK(has(top.text(), "x.json: /nme is an unknown key"));
  CHECK(has(top.detail().hint, "did you mean 'name'?"));

  const Error referred = error_of_document(R"({"name": "n", "training": {"epocs": 1}})");
  CHECK(referred.code() == Code::E502);
  CHECK(has(referred.headline(), "/training/epocs"));
  CHECK(referred.detail().hint == "did you mean 'epochs'? known: batch, epochs");

  const Error item = error_of_document(R"({"name": "n", "layers": [{"units": 1}, {"unts": 2}]})");
  CHECK(has(item.headline(), "/layers/1/unts"));
  CHECK(has(item.detail().hint, "'units'"));
}

TEST_CASE("an unknown key inside alternatives is sought in the one that is meant") {
  const Error error =
      error_of_document(R"({"name": "n", "optimizer": {"type": "adam", "betta": 0.9}})");
  CHECK(error.code() == Code::E502);
  CHECK(has(error.headline(), "/optimizer/betta"));
  CHECK(error.detail().hint == "did you mean 'beta'? known: beta, type");
}

TEST_CASE("a wrong choice lists what every alternative would take") {
  const Error error = error_of_document(R"({"name": "n", "optimizer": {"type": "adamm"}})");
  CHECK(error.code() == Code::E503);
  CHECK(has(error.headline(), "/optimizer/type is not one of the choices"));
  CHECK(error.detail().expected == "\"sgd\" or \"adam\"");
  CHECK(error.detail().found == "string \"adamm\"");
  CHECK(error.detail().hint == "did you mean \"adam\"?");
}

TEST_CASE("alternatives are left alone when a later one is satisfied") {
  const json either = json::parse(R"({
    "allOf": [{"anyOf": [{"type": "object", "required": ["a"]},
                         {"type": "object", "required": ["b"]}]},
              {"required": ["c"]}]})");
  const Error error = error_of([&] { validate({{"b", 1}}, either, "x.json", codes); });
  CHECK(has(error.headline(), "lacks the key 'c'"));
  CHECK_NOTHROW(validate({{"b", 1}, {"c", 1}}, either, "x.json", codes));
}

TEST_CASE("a condition decides which keys are known") {
  const Error error =
      error_of_document(R"({"name": "n", "init": {"type": "zeros", "deviation": 1}})");
  CHECK(error.code() == Code::E502);
  CHECK(has(error.headline(), "/init/deviation"));
}

TEST_CASE("other violations say what was expected and found") {
  const Error type = error_of_document(R"({"name": 3})");
  CHECK(type.code() == Code::E503);
  CHECK(type.text() ==
        "error[E503] x.json: /name has the wrong type\n  expected string, found number 3");
  const Error range = error_of_document(R"({"name": "n", "seeds": 0})");
  CHECK(range.text() ==
        "error[E503] x.json: /seeds is out of range\n  expected number >= 1, found number 0");
  CHECK(has(error_of_document(R"({"name": "n", "seeds": 1.5})").text(), "expected integer"));
  CHECK(has(error_of_document(R"({"seeds": 1})").text(), "the document lacks the key 'name'"));
  CHECK(has(error_of_document(R"({"name": ""})").text(), "at least 1 characters"));
  CHECK(has(error_of_document(R"({"name": "n", "layers": []})").text(),
            "expected at least 2 elements, found array of 0"));
  CHECK(has(error_of_document("[]").text(), "expected object, found array of 0"));
}

TEST_CASE("a pointer escapes the characters that would mislead it") {
  CHECK(has(error_of_document(R"({"name": "n", "a/b": 1})").headline(), "/a~1b"));
}
