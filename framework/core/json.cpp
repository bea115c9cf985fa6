// SPDX-License-Identifier: Apache-2.0
// nlohmann parses, valijson judges, json_explain finds the words.
#define VALIJSON_USE_EXCEPTIONS 1
#include "core/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/json_explain.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uintmax_t max_bytes = std::uintmax_t{64} << 20;
constexpr int max_depth = 64;

[[noreturn]] void throw_missing(const fs::path& file, const JsonCodes& codes) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    throw Error(codes.missing, fmt::format("{}: not a file that can be read", file.string()),
                {.found = fs::is_directory(file, ignored) ? "a folder" : "a special file"});
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    names.push_back(entry.path().filename().string());
  }
  const std::string near = nearest(file.filename().string(), names);
  throw Error(codes.missing, fmt::format("{}: no such file", file.string()),
              {.hint = near.empty() ? "" : (file.parent_path() / near).string()});
}

std::string read_text(const fs::path& file, const JsonCodes& codes) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) throw_missing(file, codes);
  const std::uintmax_t size = fs::file_size(file, error);
  if (!error && size > max_bytes) {
    throw Error(codes.syntax, fmt::format("{}: too large for a JSON document", file.string()),
                {.expected = fmt::format("at most {} bytes", max_bytes),
                 .found = fmt::format("{} bytes", size)});
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw Error(codes.missing, fmt::format("{}: cannot be read", file.string()),
                {.found = std::strerror(errno)});
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

// "file:line:column" of the byte at `offset`.
std::string place(const fs::path& file, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return fmt::format("{}:{}:{}", file.string(), line, column);
}

// Deep nesting is refused before it can cost memory or stack.
void check_depth(const fs::path& file, std::string_view text, const JsonCodes& codes) {
  int depth = 0;
  bool is_inside_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_inside_string) {
      if (c == '\\') ++i;
      if (c == '"') is_inside_string = false;
    } else if (c == '"') {
      is_inside_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_depth) {
        throw Error(codes.syntax, fmt::format("{}: nested too deeply", place(file, text, i)),
                    {.expected = fmt::format("at most {} levels", max_depth)});
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." without what
// place() says better.
std::string reason(const json::exception& error) {
  std::string_view text = error.what();
  text.remove_prefix(text.find("] ") + 2);
  if (text.starts_with("parse error at ")) text.remove_prefix(text.find(": ") + 2);
  return std::string(text);
}

// Sees each key as it is parsed; of two equal ones nlohmann would silently keep the last.
class DuplicateKeys {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (event == json::parse_event_t::object_start) {
      seen_.resize(level + 1);
      seen_[level].clear();
    } else if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!seen_[level - 1].insert(key).second && duplicate.empty()) duplicate = key;
    }
    return true;
  }

  std::string duplicate;

 private:
  std::vector<std::set<std::string>> seen_;
};

}  // namespace

json read_json(const fs::path& file, const JsonCodes& codes) {
  const std::string text = read_text(file, codes);
  check_depth(file, text, codes);
  DuplicateKeys keys;
  json document;
  try {
    document = json::parse(text, std::ref(keys));
  } catch (const json::parse_error& error) {
    const std::size_t offset = error.byte > 0 ? error.byte - 1 : 0;
    throw Error(codes.syntax, fmt::format("{}: {}", place(file, text, offset), reason(error)));
  } catch (const json::exception& error) {
    throw Error(codes.syntax, fmt::format("{}: {}", file.string(), reason(error)));
  }
  if (!keys.duplicate.empty()) {
    throw Error(
        codes.syntax,
        fmt::format("{}: key '{}' occurs twice in one object", file.string(), keys.duplicate),
        {.hint = "remove one of them"});
  }
  return document;
}

struct JsonSchema::Compiled {
  explicit Compiled(json schema) : text(std::move(schema)) {
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(text), rules);
  }

  json text;
  valijson::Schema rules;
};

JsonSchema::JsonSchema(json schema)
    : compiled_(std::make_unique<const Compiled>(std::move(schema))) {}
JsonSchema::~JsonSchema() = default;

void JsonSchema::check(const json& document, std::string_view origin,
                       const JsonCodes& codes) const {
  const valijson::adapters::NlohmannJsonAdapter target(document);
  if (valijson::Validator().validate(compiled_->rules, target, nullptr)) return;

  if (const auto found = detail::explain(document, compiled_->text)) {
    const bool is_unknown = found->kind == detail::Violation::Kind::unknown_key;
    const std::string where = found->pointer.empty() ? "the document" : found->pointer;
    throw Error(is_unknown ? codes.unknown_key : codes.value,
                fmt::format("{}: {} {}", origin, where, found->problem),
                {.expected = fmt::format("{}", fmt::join(found->expected, " or ")),
                 .found = found->found,
                 .hint = found->hint});
  }
  valijson::ValidationResults results;
  valijson::Validator().validate(compiled_->rules, target, &results);
  const std::string said = results.numErrors() == 0 ? "" : results.begin()->description;
  throw Error(codes.value, fmt::format("{}: does not satisfy its schema", origin), {.found = said});
}

void validate(const json& document, const json& schema, std::string_view origin,
              const JsonCodes& codes) {
  JsonSchema(schema).check(document, origin, codes);
}

}  // namespace deltaw
