// SPDX-License-Identifier: Apache-2.0
#include "plugin/library.hpp"

#include <signal.h>

#include <cfenv>
#include <cfloat>
#include <clocale>
#include <cmath>
#include <vector>

#include "core/sha256.hpp"
#include "fixture.hpp"
#include "places.hpp"

using namespace deltaw;
using namespace deltaw::test;
using nlohmann::json;

namespace {

const fs::path fixtures = fs::path(k_build_folder) / "tests/plugins";

Manifest manifest_for(const fs::path& library) {
  json document = good_manifest();
  document["library"] = library.filename().string();
  return parse_manifest(document, library.parent_path() / "x.rule.json");
}

Error error_of_library(const fs::path& library) {
  return error_of([&] { const Library opened(manifest_for(library)); });
}

Error error_of_fixture(const std::string& name) { return error_of_library(fixtures / name); }

// A copy of the good library with some bytes replaced.
fs::path spoilt(const Folder& folder, std::size_t offset, const std::string& bytes) {
  const fs::path copy = folder.path() / "spoilt.so";
  fs::copy_file(fixtures / "good_hebb.so", copy);
  std::fstream stream(copy, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(offset));
  stream << bytes;
  return copy;
}

}  // namespace

TEST_CASE("a rule written in C is opened, and computes Hebb's product") {
  const Library library(manifest_for(fixtures / "good_hebb.so"));
  CHECK(library.warnings().empty());
  CHECK(library.file() == fs::canonical(fixtures / "good_hebb.so"));

  deltaw_error error{};
  error.struct_size = sizeof error;
  deltaw_rule rule{};
  const deltaw_param scale = {"scale", DELTAW_PARAM_F64, 0, {.f64 = 2}};
  REQUIRE(library.table().create(nullptr, "good-hebb", &scale, 1, &rule, &error) == DELTAW_OK);
  const deltaw_connection_shape connection = {"c", 2, 3};
  const deltaw_shape shape = {sizeof shape, DELTAW_F64, 2, 1, &connection};
  REQUIRE(rule.prepare(rule.self, &shape, &error) == DELTAW_OK);

  double pre[] = {1, 2, 3, 4, 5, 6}, post[] = {1, -1, 0, 2}, delta[] = {10, 0, 0, 0, 0, 0};
  const deltaw_matrix pre_matrix = {pre, 3, 2, 3, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix post_matrix = {post, 2, 2, 2, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix delta_matrix = {delta, 2, 3, 2, DELTAW_F64, 0};
  const deltaw_matrix* signals[DELTAW_SIGNAL_COUNT] = {&pre_matrix, &post_matrix};
  const deltaw_block block = {
      sizeof block, DELTAW_SIGNAL_COUNT, 0, 0, 2, 0, signals, 0, 0, -INFINITY, INFINITY, 1};
  REQUIRE(rule.update(rule.self, &block, &delta_matrix, 1, &error) == DELTAW_OK);
  // 2/2 * ( (1,-1)' (1,2,3) + (0,2)' (4,5,6) ), added to what was there.
  CHECK(std::vector<double>(delta, delta + 6) == std::vector<double>{11, 7, 2, 8, 3, 9});
  rule.destroy(rule.self);
}

TEST_CASE("a library that is missing is E120") {
  const Error error = error_of_fixture("not_there.so");
  CHECK(error.code() == Code::E120);
  CHECK(has(error.text(), "not_there.so named by"));
  CHECK(has(error.text(), "not found beside it"));
}

TEST_CASE("a file that is no library, or only the beginning of one, is E121") {
  const Folder folder;
  const Error text = error_of_library(folder.write("x.so", std::string("#!/bin/sh")));
  CHECK(text.code() == Code::E121);
  CHECK(has(text.text(), "x.so: not a shared library"));
  CHECK(has(text.text(), "found 9 bytes that begin with 23 21 2f 62"));
  CHECK(error_of_library(folder.write("empty.so", std::string())).code() == Code::E121);

  const fs::path cut = spoilt(folder, 0, "");
  fs::resize_file(cut, fs::file_size(cut) / 2);
  const Error half = error_of_library(cut);
  CHECK(half.code() == Code::E121);
  CHECK(has(half.text(), "the file was cut"));
  for (const std::uintmax_t size : {63u, 20u, 17u, 5u}) {
    fs::resize_file(cut, size);
    CHECK(error_of_library(cut).code() == Code::E121);
  }
}

TEST_CASE("a library that may not be read is E121 with the reason, not with bytes of it") {
  if (geteuid() == 0) return;  // root may read everything
  const Folder folder;
  const fs::path library = folder.write("x.so", std::string("x"));
  fs::permissions(library, fs::perms::none);
  const Error error = error_of_library(library);
  CHECK(error.code() == Code::E121);
  CHECK(has(error.text(), "x.so: cannot be read\n  found Permission denied"));
}

TEST_CASE("a library for another machine is E122") {
  {
    const Folder folder;
    const Error machine = error_of_library(spoilt(folder, 18, std::string("\x16\0", 2)));
    CHECK(machine.code() == Code::E122);
    CHECK(has(machine.text(), "built for machine 22 (64 bits), this host is "));
  }
  const Folder folder;
  const Error bits = error_of_library(spoilt(folder, 4, "\x01"));
  CHECK(bits.code() == Code::E122);
  CHECK(has(bits.text(), "(32 bits), this host is "));
}

TEST_CASE("a library that changed after its manifest is E123") {
  Manifest manifest = manifest_for(fixtures / "good_hebb.so");
  manifest.sha256 = sha256_hex(manifest.library);
  CHECK_NOTHROW(Library{manifest});
  const std::string found = *manifest.sha256;
  manifest.sha256 = std::string(64, '0');
  const Error error = error_of([&] { const Library opened(manifest); });
  CHECK(error.code() == Code::E123);
  CHECK(has(error.text(), "expected sha256 " + std::string(64, '0') + ", found " + found));
}

TEST_CASE("a missing dependency is E130 with the loader's words") {
  const Error error = error_of_fixture("bad_dependency.so");
  CHECK(error.code() == Code::E130);
  CHECK(has(error.text(), "bad_dependency.so: needs libdeltaw_stub.so, not found by the loader"));
  CHECK(has(error.text(), "loader: libdeltaw_stub.so: cannot open shared object file"));
  CHECK(has(error.text(), "try: install the package that has libdeltaw_stub.so"));
}

TEST_CASE("an undefined symbol is E131 when loading, not in the first update") {
  const Error error = error_of_fixture("bad_undefined.so");
  CHECK(error.code() == Code::E131);
  CHECK(has(error.headline(), "bad_undefined.so: undefined symbol missing_function"));
  CHECK(has(error.text(), "-z,defs"));
}

TEST_CASE("a version of a library that this system lacks is E132") {
  const Error error = error_of_fixture("bad_version_needed.so");
  CHECK(error.code() == Code::E132);
  CHECK(has(error.headline(), "needs GLIBCXX_9.9.9, which this system does not have"));
  CHECK(has(error.text(), "rebuild the plugin on this or an older system"));
}

TEST_CASE("other words of the loader are kept verbatim") {
  const Error error = loader_error("/p/x.so", "cannot allocate memory in static TLS block");
  CHECK(error.code() == Code::E121);
  CHECK(has(error.text(), "loader: cannot allocate memory in static TLS block"));
}

TEST_CASE("a library without the entry is E133 and shows what it has instead") {
  const Error error = error_of_fixture("bad_no_entry.so");
  CHECK(error.code() == Code::E133);
  CHECK(has(error.text(), "does not export deltaw_plugin_entry. Is this a rule?"));
  CHECK(has(error.text(), "some_function"));
}

TEST_CASE("an invalid table is E134 with the reason") {
  const std::pair<const char*, const char*> cases[] = {
      {"bad_null.so", "(null)"},
      {"bad_tiny.so", "(size 4, need 32)"},
      {"bad_size.so", "(size 24, need 32)"},
      {"bad_functions.so", "(a function is null)"},
      {"bad_fewer.so", "(rule_info(1) is null)"},
      {"bad_info_null.so", "(rule_info(0) is null)"},
      {"bad_info_size.so", "(size 8 of rule_info(0), need 48)"},
      {"bad_info_id.so", "(rule_info(0) has no id or version)"},
  };
  for (const auto& [name, reason] : cases) {
    CAPTURE(name);
    const Error error = error_of_fixture(name);
    CHECK(error.code() == Code::E134);
    CHECK(has(error.headline(), reason));
  }
}

TEST_CASE("another major version is E135, however small its table; a newer minor one is E136") {
  const Error major = error_of_fixture("bad_major.so");
  CHECK(major.code() == Code::E135);
  CHECK(has(major.text(), "bad_major.so: needs ABI 2, this deltaw has 1"));
  CHECK(has(major.text(), "try: rebuild against SDK 1.x or upgrade deltaw"));
  const Error minor = error_of_fixture("bad_minor.so");
  CHECK(minor.code() == Code::E136);
  CHECK(has(minor.text(), "bad_minor.so: needs ABI 1.7, this deltaw has 1.0"));
}

TEST_CASE("manifest and binary that disagree are E137 with both sides") {
  struct Case {
    const char *name, *what, *in_manifest, *in_binary;
  };
  const Case cases[] = {
      {"bad_id.so", "on the rules", "{good-hebb}", "{good-heb}"},
      {"bad_rule_version.so", "on the version of 'good-hebb'", "1.0.0", "1.1.0"},
      {"bad_signals.so", "on the signals of", "{pre, post}", "{pre, post, target, 0x10000000000}"},
      {"bad_scope.so", "on the scope of", "local", "network"},
      {"bad_grain.so", "on the grain of", "batch", "step"},
      {"bad_caps.so", "on the capabilities of", "{f32, f64, concurrent, deterministic}", "{f32}"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Error error = error_of_fixture(c.name);
    CHECK(error.code() == Code::E137);
    CHECK(has(error.headline(), c.what));
    CHECK(error.detail().expected == std::string(c.in_manifest) + " as the manifest says");
    CHECK(error.detail().found == std::string(c.in_binary) + " in the binary");
  }
}

TEST_CASE("arithmetic that a plugin changes is put back, with W401") {
  const int before = std::fegetround();
  const Library library(manifest_for(fixtures / "bad_fastmath.so"));
  REQUIRE(library.warnings().size() == 1);
  CHECK(library.warnings()[0].code() == Code::W401);
  CHECK(has(library.warnings()[0].text(), "warning[W401] loading "));
  CHECK(has(library.warnings()[0].text(), "restored"));
  volatile float small = FLT_MIN;
  CHECK(small / 4 != 0.0f);
  CHECK(std::fegetround() == before);
#if defined(__x86_64__)
  CHECK(has(library.warnings()[0].text(), "turned on flush-to-zero"));
#endif
}

TEST_CASE("locale, working directory and signal handlers are put back, with W402") {
  const std::string locale = std::setlocale(LC_ALL, nullptr);
  const fs::path folder = fs::current_path();
  const Library library(manifest_for(fixtures / "bad_surroundings.so"));
  REQUIRE(library.warnings().size() == 1);
  CHECK(library.warnings()[0].code() == Code::W402);
  CHECK(has(library.warnings()[0].text(),
            "changed the locale, the working directory, the handler of signal 10; restored"));
  CHECK(std::setlocale(LC_ALL, nullptr) == locale);
  CHECK(fs::current_path() == folder);
  struct sigaction now {};
  sigaction(SIGUSR1, nullptr, &now);
  CHECK((now.sa_handler == SIG_DFL));
}
