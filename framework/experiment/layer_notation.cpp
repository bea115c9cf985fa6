// SPDX-License-Identifier: Apache-2.0
// A piece is told by its form: what is left when its numbers are taken out.
#include "experiment/layer_notation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

// A piece of a notation: its numbers, and its text with "#" in place of each.
struct Piece {
  std::string form;
  std::vector<double> numbers;
};

Piece take_apart(const std::string& text) {
  Piece piece;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789.", i), text.size());
    if (end == i) {
      piece.form += text[i++];
      continue;
    }
    const std::string digits = text.substr(i, end - i);
    char* rest = nullptr;
    piece.numbers.push_back(std::strtod(digits.c_str(), &rest));
    piece.form += *rest == '\0' ? '#' : '?';
    i = end;
  }
  return piece;
}

json whole(double number) { return static_cast<std::uint64_t>(number); }

json input_of(const Piece& piece) {
  const auto& [form, n] = piece;
  if (form == "#") return {{"units", whole(n[0])}};
  if (form == "#x#") return {{"image", {whole(n[0]), whole(n[1])}}};
  if (form == "#x#x#") return {{"image", {whole(n[0]), whole(n[1]), whole(n[2])}}};
  return {};
}

// GRU or LSTM, by rows or columns.
json gated_of(const Piece& piece) {
  static const std::map<std::string, const char*> axes = {
      {"", "rows"}, {"row ", "rows"}, {"col ", "columns"}};
  for (const auto& [prefix, axis] : axes) {
    for (const auto& [kind, type] : {std::pair{"GRU#", "gru"}, std::pair{"LSTM#", "lstm"}}) {
      if (piece.form != prefix + kind) continue;
      return {{"type", type}, {"units", whole(piece.numbers[0])}, {"time", axis}};
    }
  }
  return {};
}

json layer_of(const Piece& piece) {
  const auto& [form, n] = piece;
  const auto convolution = [](double kernel, double filters) {
    return json{{"type", "conv2d"},
                {"filters", whole(filters)},
                {"kernel", whole(kernel)},
                {"activation", "relu"}};
  };
  if (form == "C#x#") return convolution(n[0], n[1]);
  if (form == "#C#") return convolution(n[1], n[0]);
  if (form == "MP") return {{"type", "max-pool"}};
  if (form == "MP#" || form == "P#") return {{"type", "max-pool"}, {"size", whole(n[0])}};
  if (form == "F") return {{"type", "flatten"}};
  if (form == "N") return {{"type", "normalise"}};
  if (form == "D#") return {{"type", "dropout"}, {"share", n[0]}};
  if (form == "#") return {{"units", whole(n[0])}, {"activation", "relu"}};
  return gated_of(piece);
}

std::string kind_of(const json& layer) {
  const std::string type = layer.value("type", "dense");
  if (type == "conv2d") return "conv";
  return type == "max-pool" ? "pool" : type;
}

json split(const std::string& text) {
  json pieces = json::array();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('-', begin), text.size());
    pieces.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

// All but shares count something.
bool counts(const Piece& piece) {
  return piece.form == "D#" || std::ranges::all_of(piece.numbers, [](double n) {
           return n >= 1 && n <= 1e6 && n == std::floor(n);
         });
}

json written_out(const std::string& text, bool is_first, bool is_last) {
  const Piece piece = take_apart(text);
  json layer = is_first ? input_of(piece) : layer_of(piece);
  if (layer.is_null() || !counts(piece)) {
    throw Error(Code::E503,
                fmt::format("no {} is written '{}'", is_first ? "input" : "layer", text),
                {.expected = is_first ? "64, 28x28 or 32x32x3"
                                      : "C5x32 or 32C5, MP, MP3 or P3, F, N, D.2, row GRU128, col "
                                        "LSTM128, or 128",
                 .hint = "28x28-C5x6-MP-C5x16-MP-120-84-10"});
  }
  if (is_last && layer.contains("activation")) layer["activation"] = "softmax";
  return layer;
}

}  // namespace

void expand_layers(json& layers) {
  if (layers.is_string()) layers = split(layers.get<std::string>());
  std::map<std::string, int> count;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool is_first = i == 0, is_last = i + 1 == layers.size();
    const bool is_short = layers[i].is_string();
    if (is_short) layers[i] = written_out(layers[i].get<std::string>(), is_first, is_last);
    const std::string kind = kind_of(layers[i]);
    const int number = ++count[kind];
    if (!is_short) continue;
    layers[i]["name"] = is_first  ? "input"
                        : is_last ? "output"
                                  : fmt::format("{}{}", kind, number - (kind == "dense" ? 1 : 0));
  }
}

}  // namespace deltaw::detail
