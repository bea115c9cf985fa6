// SPDX-License-Identifier: Apache-2.0
#include "data/check.hpp"

#include <set>

#include "core/sha256.hpp"
#include "framework/task/files.hpp"
#include "task/known_sets.hpp"

using namespace deltaw;

TEST_CASE("the published files are those that the task of that name reads") {
  for (const PublishedSet& set : published_sets()) {
    std::set<std::string> published, read;
    for (const PublishedFile& file : set.files) published.insert(set.name + "/" + file.name);
    for (const std::string& name : file_names(spelled_out({.type = set.name}))) read.insert(name);
    CHECK(published == read);
    for (const PublishedFile& file : set.files) {
      CHECK(file.sha256.size() == 64);
      CHECK(file.content.size() == 64);
      CHECK(file.bytes > 0);
    }
    check_error(Code::E400, "try: deltaw data fetch " + set.name + ", or ",
                [&] { (void)find_data(set.name + "/" + set.files[0].name, {"/nowhere"}); });
    for (const std::string& mirror : set.mirrors) CHECK(mirror.ends_with("/"));
  }
  check_error(Code::E410, "no data set 'minst'\n  try: did you mean 'mnist'?",
              [] { (void)published_set("minst"); });
}

TEST_CASE("a file is right as it was published, and as other bytes that unpack to the same") {
  const TemporaryFolder folder;
  const auto packed = write_gzip(folder.path() / "a.gz", "content");
  const PublishedFile file = {.name = "a.gz",
                              .bytes = std::filesystem::file_size(packed),
                              .sha256 = sha256_hex_of_bytes(read_file(packed)),
                              .content = sha256_hex_of_bytes("content")};
  CHECK(differing_hash(file, packed).empty());
  CHECK(differing_hash(file, write_file(folder.path() / "a", "content")).empty());
  CHECK(differing_hash(file, write_xz(folder.path() / "a.xz", "content")).empty());
  CHECK(differing_hash(file, write_file(folder.path() / "a", "Content")) ==
        sha256_hex_of_bytes("Content"));
  const auto cut = write_file(folder.path() / "b.gz", read_file(packed).substr(0, 12));
  CHECK_FALSE(differing_hash(file, cut).empty());
  check_error(Code::E412, "expected SHA-256 " + file.sha256,
              [&] { require_hash(file, folder.path() / "a"); });
}

TEST_CASE("the shipped digits are the published ones") {
  const PublishedSet& digits = published_set("digits");
  const auto path = local_file(digits, digits.files[0], data_folders());
  REQUIRE(path);
  CHECK(differing_hash(digits.files[0], *path).empty());
}
