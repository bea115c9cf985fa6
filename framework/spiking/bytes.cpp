// SPDX-License-Identifier: Apache-2.0
// Numbers as the bytes they are in memory: a state is for the machine that wrote it.
#include "spiking/bytes.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "core/error.hpp"

namespace deltaw {
namespace {

void save_bytes(StateWriter& writer, std::string_view name, std::span<const std::byte> bytes) {
  writer.text(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

[[noreturn]] void refuse(std::string_view name, std::size_t bytes) {
  throw Error(Code::E306, fmt::format("saved state has {} bytes in '{}'", bytes, name),
              {.expected = "as many whole numbers as this network has"});
}

}  // namespace

void save_list(StateWriter& writer, std::string_view name, std::span<const std::uint32_t> list) {
  save_bytes(writer, name, std::as_bytes(list));
}

void save_list(StateWriter& writer, std::string_view name, std::span<const std::int32_t> list) {
  save_bytes(writer, name, std::as_bytes(list));
}

std::vector<std::uint32_t> load_list(StateReader& reader, std::string_view name) {
  const std::string bytes = reader.text(name);
  std::vector<std::uint32_t> list(bytes.size() / sizeof(std::uint32_t));
  if (list.size() * sizeof(std::uint32_t) != bytes.size()) refuse(name, bytes.size());
  if (!list.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
  return list;
}

void load_list(StateReader& reader, std::string_view name, std::span<std::int32_t> list) {
  const std::string bytes = reader.text(name);
  if (bytes.size() != list.size_bytes()) refuse(name, bytes.size());
  if (!list.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
}

}  // namespace deltaw
