// SPDX-License-Identifier: Apache-2.0
#include "mutant.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace deltaw::test {
namespace {

using nlohmann::json;

std::size_t below(std::size_t count, std::mt19937_64& random) {
  return count == 0 ? 0 : random() % count;
}

void collect(json& node, std::vector<json*>& nodes) {
  nodes.push_back(&node);
  for (json& child : node) {
    if (child.is_structured()) {
      collect(child, nodes);
    } else {
      nodes.push_back(&child);
    }
  }
}

json strange_value(std::mt19937_64& random) {
  static const std::vector<json> values = {nullptr,
                                           true,
                                           false,
                                           0,
                                           1,
                                           -1,
                                           2,
                                           0.5,
                                           -0.0,
                                           1e-300,
                                           1e300,
                                           255,
                                           65536,
                                           4294967296,
                                           std::numeric_limits<std::int64_t>::min(),
                                           std::numeric_limits<std::uint64_t>::max(),
                                           "",
                                           "x",
                                           "../..",
                                           "backprop",
                                           "input",
                                           "\xc3\xa9",
                                           std::string(300, 'a'),
                                           json::array(),
                                           json::object(),
                                           json::array({json::array()}),
                                           json::array({0, 1}),
                                           {{"type", "adam"}}};
  return values[below(values.size(), random)];
}

json nearby(const json& value, std::mt19937_64& random) {
  if (value.is_number()) {
    static constexpr double factors[] = {-1, 0, 0.001, 0.5, 2, 1000};
    const double changed = value.get<double>() * factors[below(std::size(factors), random)];
    if (value.is_number_float() || below(2, random) == 0) return changed;
    const std::uint64_t next = value.get<std::uint64_t>() + below(5, random) - 2;
    return value.is_number_unsigned() ? json(next) : json(static_cast<std::int64_t>(next));
  }
  if (value.is_string()) return bytes_mutant(value.get<std::string>(), random);
  return strange_value(random);
}

void change_members(json& node, std::mt19937_64& random) {
  if (node.empty()) return;
  const std::size_t place = below(node.size(), random);
  const auto member = std::next(node.begin(), static_cast<std::ptrdiff_t>(place));
  if (node.is_array()) {
    if (below(2, random) == 0) {
      node.erase(member);
    } else {
      node.push_back(json(*member));
    }
    return;
  }
  const std::string key = member.key();
  const json kept = *member;
  if (below(2, random) == 0) node.erase(member);
  if (below(2, random) == 0) node[bytes_mutant(key, random)] = kept;
}

}  // namespace

std::string bytes_mutant(std::string_view bytes, std::mt19937_64& random) {
  std::string made(bytes);
  for (std::size_t k = 1 + below(4, random); k > 0; --k) {
    const std::size_t at = below(made.size() + 1, random);
    const std::size_t length = 1 + below(16, random);
    switch (below(5, random)) {
      case 0:
        if (at < made.size()) made[at] = static_cast<char>(made[at] ^ (1 << below(8, random)));
        break;
      case 1:
        if (at < made.size()) made[at] = static_cast<char>(random());
        break;
      case 2:
        made.insert(at, made.substr(below(made.size() + 1, random), length));
        break;
      case 3:
        made.erase(at, length);
        break;
      default:
        if (below(8, random) == 0) made.resize(at);
    }
  }
  return made;
}

std::string json_mutant(std::string_view document, std::mt19937_64& random) {
  json made = json::parse(document, nullptr, false);
  if (made.is_discarded() || below(8, random) == 0) return bytes_mutant(document, random);
  for (std::size_t k = 1 + below(4, random); k > 0; --k) {
    std::vector<json*> nodes;
    collect(made, nodes);
    json& node = *nodes[below(nodes.size(), random)];
    if (node.is_structured() && below(2, random) == 0) {
      change_members(node, random);
    } else if (below(3, random) == 0) {
      node = json(*nodes[below(nodes.size(), random)]);
    } else {
      node = below(2, random) == 0 ? nearby(node, random) : strange_value(random);
    }
  }
  return made.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace deltaw::test
