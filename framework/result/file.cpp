// SPDX-License-Identifier: Apache-2.0
// POSIX calls, because std::ofstream tells neither why a write failed nor when it is on disk.
#include "result/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/descriptor.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

void write_temporary(const std::filesystem::path& temporary, std::string_view bytes, Sync sync) {
  constexpr int k_new = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  Descriptor out(::open(temporary.c_str(), k_new, 0666));
  if (out.number() < 0) refuse_to_write(temporary, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(out.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse_to_write(temporary, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (sync == Sync::now && ::fsync(out.number()) != 0) refuse_to_write(temporary, errno);
  if (!out.close()) refuse_to_write(temporary, errno);
}

}  // namespace

void refuse_to_write(const std::filesystem::path& path, int reason) {
  const std::string why = std::generic_category().message(reason);
  if (reason == ENOSPC || reason == EDQUOT) {
    throw Error(Code::E602, fmt::format("no space left to write '{}'", path.string()),
                {.found = why, .hint = "free some space, or another folder with --out"});
  }
  throw Error(Code::E600, fmt::format("cannot write '{}'", path.string()),
              {.found = why, .hint = "a folder you may write to, with --out"});
}

void write_file(const std::filesystem::path& file, std::string_view bytes, Sync sync) {
  std::filesystem::path temporary = file;
  temporary += ".part";
  try {
    write_temporary(temporary, bytes, sync);
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  if (::rename(temporary.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    refuse_to_write(file, reason);
  }
}

void bring_to_disk(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0 || ::syncfs(descriptor.number()) != 0) refuse_to_write(folder, errno);
}

std::string json_text(const nlohmann::json& document) {
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

void write_json(const std::filesystem::path& file, const nlohmann::json& document) {
  write_file(file, json_text(document));
}

std::string read_file(const std::filesystem::path& file, const char* hint) {
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file, ignored)) {
    throw Error(Code::E603, fmt::format("cannot read '{}'", file.string()), {.hint = hint});
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json json_in(const std::filesystem::path& file) {
  try {
    return nlohmann::json::parse(read_file(file), nullptr, false);
  } catch (const Error&) {
    return nlohmann::json::value_t::discarded;
  }
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code reason;
  std::filesystem::create_directories(folder, reason);
  if (reason) refuse_to_write(folder, reason.value());
}

}  // namespace deltaw
