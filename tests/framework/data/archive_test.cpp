// SPDX-License-Identifier: Apache-2.0
#include "data/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "core/sha256.hpp"
#include "data/fetch.hpp"
#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

struct Member {
  std::string name, bytes;
  unsigned type = AE_IFREG;
  std::string link = {};
};

std::filesystem::path write_tar(const std::filesystem::path& file,
                                const std::vector<Member>& members) {
  std::filesystem::create_directories(file.parent_path());
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                    &archive_write_free);
  archive_write_add_filter_gzip(out.get());
  archive_write_set_format_pax_restricted(out.get());
  REQUIRE(archive_write_open_filename(out.get(), file.c_str()) == ARCHIVE_OK);
  for (const Member& member : members) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_filetype(entry.get(), member.type);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.bytes.size()));
    if (member.type == AE_IFLNK) archive_entry_set_symlink(entry.get(), member.link.c_str());
    REQUIRE(archive_write_header(out.get(), entry.get()) == ARCHIVE_OK);
    REQUIRE(archive_write_data(out.get(), member.bytes.data(), member.bytes.size()) ==
            static_cast<la_ssize_t>(member.bytes.size()));
  }
  REQUIRE(archive_write_close(out.get()) == ARCHIVE_OK);
  return file;
}

PublishedFile published(const std::string& name, const std::string& bytes) {
  const std::string hash = sha256_hex_of_bytes(bytes);
  return {.name = name, .bytes = bytes.size(), .sha256 = hash, .content = hash};
}

const std::string k_one(200'000, '1'), k_two = "two";
const std::vector<PublishedFile> k_files = {published("one.bin", k_one),
                                            published("two.bin", k_two)};

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    names.push_back(std::filesystem::relative(entry.path(), folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct Folders {
  TemporaryFolder temporary;
  std::filesystem::path into = temporary.path() / "a" / "into";

  void unpack(const std::vector<Member>& members) const {
    const auto archive = write_tar(temporary.path() / "x.tar.gz", members);
    std::filesystem::create_directories(into);
    extract(archive, "batches/", k_files, into, [](std::uint64_t) { return true; });
  }
};

}  // namespace

TEST_CASE("only the expected members of an archive are unpacked, and nowhere else") {
  const Folders folders;
  folders.unpack({{"batches/readme.html", "html"},
                  {"../escape", "up"},
                  {"/tmp/deltaw-absolute", "root"},
                  {"batches/../../two.bin", "up"},
                  {"two.bin", "elsewhere"},
                  {"batches/two.bin", "", AE_IFLNK, "/etc/passwd"},
                  {"batches/one.bin", k_one},
                  {"./batches/two.bin", k_two}});
  CHECK(names_in(folders.into) == std::vector<std::string>{"one.bin", "two.bin"});
  CHECK(names_in(folders.temporary.path()).size() == 5);  // x.tar.gz, a, into, and these two
  CHECK_FALSE(std::filesystem::exists("/tmp/deltaw-absolute"));
  CHECK(read_file(folders.into / "one.bin") == k_one);
  CHECK(read_file(folders.into / "two.bin") == k_two);
  CHECK(std::filesystem::is_regular_file(folders.into / "two.bin"));
}

TEST_CASE("an archive without a member, or with another one in its place, is refused") {
  const Folders folders;
  check_error(Code::E413, "lacks 'batches/two.bin'", [&] {
    folders.unpack({{"batches/one.bin", k_one}});
  });
  check_error(Code::E413, "'one.bin' in archive", [&] {
    folders.unpack({{"batches/one.bin", "short"}, {"batches/two.bin", k_two}});
  });
  std::filesystem::remove_all(folders.into);
  check_error(Code::E412, "'two.bin' is not the file that was published", [&] {
    folders.unpack({{"batches/two.bin", "TWO"}, {"batches/one.bin", k_one}});
  });
  CHECK(names_in(folders.into).empty());
}

TEST_CASE("a damaged archive is refused") {
  const Folders folders;
  const auto file = write_tar(folders.temporary.path() / "x.tar.gz", {{"batches/one.bin", k_one}});
  const std::string whole = read_file(file);
  for (const std::string& bytes : {std::string("no archive"), whole.substr(0, whole.size() / 2)}) {
    write_file(file, bytes);
    check_error(Code::E413, "is damaged", [&] {
      extract(file, "batches/", k_files, folders.into, [](std::uint64_t) { return true; });
    });
  }
}

TEST_CASE("unpacking stops when it is told to") {
  const Folders folders;
  const auto file = write_tar(folders.temporary.path() / "x.tar.gz", {{"batches/one.bin", k_one}});
  CHECK_THROWS_AS(
      extract(file, "batches/", k_files, folders.into, [](std::uint64_t) { return false; }),
      Stopped);
  CHECK_FALSE(std::filesystem::exists(folders.into / "one.bin"));
}

TEST_CASE("a set in an archive is fetched from a folder that has it, and the copy goes when used") {
  const Folders folders;
  const auto source = folders.temporary.path() / "source";
  const auto archive =
      write_tar(source / "x.tar.gz", {{"batches/one.bin", k_one}, {"batches/two.bin", k_two}});
  PublishedSet set = {.name = "letters",
                      .title = "",
                      .licence = "",
                      .citation = "",
                      .files = k_files,
                      .archive = published("x.tar.gz", read_file(archive)),
                      .folder_in_archive = "batches/",
                      .mirrors = {}};
  std::vector<FetchedFile> told;
  const FetchOptions options = {.folder = folders.temporary.path() / "data",
                                .there = {},
                                .from = {source.string()},
                                .on_bytes = {},
                                .on_file = [&](const FetchedFile& file) { told.push_back(file); }};
  fetch(set, options);
  CHECK(names_in(options.folder) ==
        std::vector<std::string>{"letters", "letters/one.bin", "letters/two.bin"});
  REQUIRE(told.size() == 2);
  CHECK(told[1].source == (source / "x.tar.gz").string());
  CHECK(std::filesystem::exists(archive));

  // What is there and right is left alone; what is missing comes from the archive again.
  told.clear();
  std::filesystem::remove(options.folder / "letters" / "one.bin");
  fetch(set, options);
  REQUIRE(told.size() == 2);
  CHECK(told[0].name == "letters/two.bin");
  CHECK(told[0].source.empty());
  CHECK(told[1].name == "letters/one.bin");

  // Members that lie unpacked in the folder will do.
  std::filesystem::remove_all(options.folder);
  std::filesystem::remove(archive);
  write_file(source / "letters" / "one.bin", k_one);
  write_file(source / "two.bin", k_two);
  fetch(set, options);
  CHECK(read_file(options.folder / "letters" / "two.bin") == k_two);

  set.archive->sha256 = sha256_hex_of_bytes("other");
  std::filesystem::remove_all(options.folder);
  write_tar(archive, {{"batches/one.bin", k_one}, {"batches/two.bin", k_two}});
  std::filesystem::remove_all(source / "letters");
  set.archive->bytes = std::filesystem::file_size(archive);
  check_error(Code::E412, "letters/x.tar.gz: what was fetched is not the published file",
              [&] { fetch(set, options); });
}
