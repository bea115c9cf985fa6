// SPDX-License-Identifier: Apache-2.0
// The .npy header is a Python dictionary; format: NumPy Enhancement Proposal 1 (Kern 2007).
#include "result/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <regex>
#include <utility>

#include "core/error.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they lie");

constexpr std::string_view magic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t alignment = 64;
constexpr std::size_t longest_header = 1024;  // NumPy writes 118 bytes; std::regex recurses

template <typename T>
constexpr const char* descriptor() {
  if constexpr (std::is_same_v<T, float>) return "<f4";
  if constexpr (std::is_same_v<T, double>) return "<f8";
  if constexpr (std::is_same_v<T, std::int64_t>) return "<i8";
}

struct Header {
  std::string type;
  bool fortran = false;
  std::size_t rows = 0, columns = 0;
};

[[noreturn]] void damaged(const std::filesystem::path& file, const std::string& found) {
  throw Error(Code::E603, fmt::format("'{}' is not a matrix deltaw can read", file.string()),
              {.expected = ".npy version 1.0 holding <f4, <f8 or <i8 of one or two dimensions",
               .found = found});
}

Header parse_header(const std::string& text, const std::filesystem::path& file) {
  static const std::regex pattern(
      R"re(\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\((\d{1,18})(?:,\s*(\d{1,18})?)?\),?\s*\}\s*)re");
  std::smatch part;
  if (!std::regex_match(text, part, pattern)) damaged(file, "header " + text);
  return {.type = part[1],
          .fortran = part[2] == "True",
          .rows = std::stoull(part[3]),
          .columns = part[4].matched ? std::stoull(part[4]) : 1};
}

// And where the values begin.
std::pair<Header, std::size_t> header_of(std::string_view bytes,
                                         const std::filesystem::path& file) {
  if (bytes.size() < magic.size() + 2 || !bytes.starts_with(magic)) damaged(file, "another magic");
  const std::size_t length = static_cast<unsigned char>(bytes[8]) |
                             static_cast<std::size_t>(static_cast<unsigned char>(bytes[9])) << 8;
  const std::size_t start = magic.size() + 2 + length;
  if (length > longest_header || bytes.size() < start) damaged(file, "a truncated header");
  return {parse_header(std::string(bytes.substr(magic.size() + 2, length)), file), start};
}

template <typename T>
NpyMatrix take(const Header& header, std::string_view bytes, const std::filesystem::path& file) {
  const bool overflows = header.columns != 0 && header.rows > bytes.size() / header.columns;
  if (overflows || bytes.size() != header.rows * header.columns * sizeof(T)) {
    damaged(file,
            fmt::format("{} bytes for {} x {} values", bytes.size(), header.rows, header.columns));
  }
  std::vector<T> values(header.rows * header.columns);
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  if (!header.fortran && header.columns > 1) {
    std::vector<T> transposed(values.size());
    for (std::size_t r = 0; r < header.rows; ++r) {
      for (std::size_t c = 0; c < header.columns; ++c) {
        transposed[c * header.rows + r] = values[r * header.columns + c];
      }
    }
    values = std::move(transposed);
  }
  return {header.rows, header.columns, std::move(values)};
}

}  // namespace

double NpyMatrix::at(std::size_t row, std::size_t column) const {
  return std::visit([&](const auto& all) { return static_cast<double>(all[column * rows + row]); },
                    values);
}

std::string npy_bytes(const NpyMatrix& matrix) {
  return std::visit(
      [&]<typename T>(const std::vector<T>& values) {
        std::string header =
            fmt::format("{{'descr': '{}', 'fortran_order': True, 'shape': ({}, {}), }}",
                        descriptor<T>(), matrix.rows, matrix.columns);
        const std::size_t unpadded = magic.size() + 2 + header.size() + 1;
        header.append((alignment - unpadded % alignment) % alignment, ' ');
        header += '\n';
        std::string bytes(magic);
        bytes += static_cast<char>(header.size() & 0xff);
        bytes += static_cast<char>(header.size() >> 8);
        bytes += header;
        bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        return bytes;
      },
      matrix.values);
}

NpyMatrix read_npy(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  const auto [header, start] = header_of(bytes, file);
  const std::string_view data = std::string_view(bytes).substr(start);
  if (header.type == "<f4") return take<float>(header, data, file);
  if (header.type == "<f8") return take<double>(header, data, file);
  if (header.type == "<i8") return take<std::int64_t>(header, data, file);
  damaged(file, "type " + header.type);
}

NpyShape npy_shape(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(magic.size() + 2 + longest_header, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  const Header header = header_of(bytes, file).first;
  return {header.type, header.rows, header.columns};
}

}  // namespace deltaw
