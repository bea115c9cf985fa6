// SPDX-License-Identifier: Apache-2.0
// Layout: magic, version, then records {name length, name, kind, rows, cols, payload}, all in the
// byte order of the machine; the magic number tells when that is another one.
#include "core/state.hpp"

#include <fmt/format.h>

#include <cstring>

#include "core/error.hpp"

namespace deltaw {
namespace {

using detail::StateKind;
using detail::StateRecord;

constexpr std::uint64_t k_magic = 0x31537761746c6564;  // "deltawS1" on a little-endian machine
constexpr std::uint32_t k_version = 1;

std::string_view name_of(StateKind kind) {
  switch (kind) {
    case StateKind::integer:
      return "integer";
    case StateKind::real:
      return "real";
    case StateKind::text:
      return "text";
    case StateKind::float32:
      return "float32 matrix";
    case StateKind::float64:
      return "float64 matrix";
  }
  return "unknown kind";
}

std::size_t size_of(StateKind kind) {
  if (kind == StateKind::text) return 1;
  return kind == StateKind::float32 ? 4 : 8;
}

[[noreturn]] void refuse(const std::string& what, std::string expected, std::string found) {
  throw Error(Code::E306, what,
              {.expected = std::move(expected),
               .found = std::move(found),
               .hint = "start the run afresh, or with the deltaw that saved the state"});
}

std::span<const std::byte> bytes_of(const void* data, std::size_t size) {
  return {static_cast<const std::byte*>(data), size};
}

void append(std::vector<std::byte>& bytes, std::span<const std::byte> added) {
  const std::size_t size = bytes.size();
  bytes.resize(size + added.size());
  if (!added.empty()) std::memcpy(bytes.data() + size, added.data(), added.size());
}

template <class V>
void append(std::vector<std::byte>& bytes, const V& value) {
  append(bytes, bytes_of(&value, sizeof value));
}

void copy_to(void* target, std::span<const std::byte> payload) {
  if (!payload.empty()) std::memcpy(target, payload.data(), payload.size());
}

}  // namespace

StateWriter::StateWriter() {
  append(bytes_, k_magic);
  append(bytes_, k_version);
}

void StateWriter::record(std::string_view name, StateKind kind, std::size_t rows, std::size_t cols,
                         std::span<const std::byte> payload) {
  append(bytes_, static_cast<std::uint32_t>(name.size()));
  append(bytes_, bytes_of(name.data(), name.size()));
  append(bytes_, kind);
  append(bytes_, static_cast<std::uint64_t>(rows));
  append(bytes_, static_cast<std::uint64_t>(cols));
  append(bytes_, payload);
}

void StateWriter::integer(std::string_view name, std::uint64_t value) {
  record(name, StateKind::integer, 1, 1, bytes_of(&value, sizeof value));
}

void StateWriter::real(std::string_view name, double value) {
  record(name, StateKind::real, 1, 1, bytes_of(&value, sizeof value));
}

void StateWriter::text(std::string_view name, std::string_view value) {
  record(name, StateKind::text, value.size(), 1, bytes_of(value.data(), value.size()));
}

void StateWriter::matrix(std::string_view name, const float* data, std::size_t rows,
                         std::size_t cols) {
  record(name, StateKind::float32, rows, cols, bytes_of(data, rows * cols * sizeof *data));
  matrix_bytes_ += rows * cols * sizeof *data;
}

void StateWriter::matrix(std::string_view name, const double* data, std::size_t rows,
                         std::size_t cols) {
  record(name, StateKind::float64, rows, cols, bytes_of(data, rows * cols * sizeof *data));
  matrix_bytes_ += rows * cols * sizeof *data;
}

StateReader::StateReader(std::span<const std::byte> bytes) : rest_(bytes) {
  if (rest_.size() < sizeof k_magic || value<std::uint64_t>() != k_magic) {
    refuse("the saved state is not one of deltaw's", "a state of deltaw", "other bytes");
  }
  const auto version = value<std::uint32_t>();
  if (version != k_version) {
    refuse("the saved state has another version", fmt::format("version {}", k_version),
           fmt::format("version {}", version));
  }
}

std::span<const std::byte> StateReader::take(std::size_t count) {
  if (count > rest_.size()) {
    refuse("the saved state is truncated", fmt::format("{} more bytes", count),
           fmt::format("{}", rest_.size()));
  }
  const auto taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

template <class V>
V StateReader::value() {
  V result;
  std::memcpy(&result, take(sizeof result).data(), sizeof result);
  return result;
}

StateRecord StateReader::next(std::string_view name, StateKind kind) {
  const auto stored = take(value<std::uint32_t>());
  const std::string_view stored_name(reinterpret_cast<const char*>(stored.data()), stored.size());
  if (stored_name != name) {
    refuse("the saved state has another record in this place", fmt::format("'{}'", name),
           fmt::format("'{}'", stored_name));
  }
  StateRecord record{};
  record.kind = value<StateKind>();
  record.rows = value<std::uint64_t>();
  record.cols = value<std::uint64_t>();
  if (record.kind != kind) {
    refuse(fmt::format("the saved '{}' has another kind", name), std::string(name_of(kind)),
           std::string(name_of(record.kind)));
  }
  // Divided rather than multiplied, so that a hostile shape cannot overflow.
  const std::size_t size = size_of(kind);
  if (record.cols != 0 && record.rows > rest_.size() / size / record.cols) {
    refuse(fmt::format("the saved '{}' is truncated", name),
           fmt::format("{} x {} values of {} bytes", record.rows, record.cols, size),
           fmt::format("{} bytes", rest_.size()));
  }
  record.payload = take(record.rows * record.cols * size);
  return record;
}

StateRecord StateReader::matrix_record(std::string_view name, StateKind kind, std::size_t rows,
                                       std::size_t cols) {
  const StateRecord record = next(name, kind);
  if (record.rows != rows || record.cols != cols) {
    refuse(fmt::format("the saved '{}' has another shape", name),
           fmt::format("{} x {}", rows, cols), fmt::format("{} x {}", record.rows, record.cols));
  }
  return record;
}

std::uint64_t StateReader::integer(std::string_view name) {
  std::uint64_t result = 0;
  copy_to(&result, matrix_record(name, StateKind::integer, 1, 1).payload);
  return result;
}

std::uint64_t StateReader::at_most(std::uint64_t most, std::string_view name) {
  const std::uint64_t result = integer(name);
  if (result > most) {
    refuse(fmt::format("the saved '{}' is out of range", name), fmt::format("at most {}", most),
           fmt::format("{}", result));
  }
  return result;
}

std::size_t StateReader::count(std::string_view name) {
  const std::uint64_t result = integer(name);
  if (result > rest_.size()) {
    refuse(fmt::format("the saved '{}' counts more than there is", name),
           fmt::format("at most {}", rest_.size()), fmt::format("{}", result));
  }
  return result;
}

double StateReader::real(std::string_view name) {
  double result = 0;
  copy_to(&result, matrix_record(name, StateKind::real, 1, 1).payload);
  return result;
}

std::string StateReader::text(std::string_view name) {
  const auto payload = next(name, StateKind::text).payload;
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

void StateReader::matrix(std::string_view name, float* data, std::size_t rows, std::size_t cols) {
  copy_to(data, matrix_record(name, StateKind::float32, rows, cols).payload);
}

void StateReader::matrix(std::string_view name, double* data, std::size_t rows, std::size_t cols) {
  copy_to(data, matrix_record(name, StateKind::float64, rows, cols).payload);
}

void StateReader::expect(std::string_view name, std::uint64_t expected) {
  const std::uint64_t found = integer(name);
  if (found != expected) {
    refuse(fmt::format("the saved '{}' differs", name), fmt::format("{}", expected),
           fmt::format("{}", found));
  }
}

void StateReader::expect(std::string_view name, std::string_view expected) {
  const std::string found = text(name);
  if (found != expected) {
    refuse(fmt::format("the saved '{}' differs", name), fmt::format("'{}'", expected),
           fmt::format("'{}'", found));
  }
}

void StateReader::finish() const {
  if (!rest_.empty()) {
    refuse("the saved state holds more than was asked for", "its end",
           fmt::format("{} more bytes", rest_.size()));
  }
}

}  // namespace deltaw
