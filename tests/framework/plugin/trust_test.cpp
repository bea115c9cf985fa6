// SPDX-License-Identifier: Apache-2.0
#include "plugin/trust.hpp"

#include <unistd.h>

#include "fixture.hpp"

using namespace deltaw;
using namespace deltaw::test;

TEST_CASE("what everybody may write and another user owns is E124") {
  const Folder folder;
  const fs::path file = folder.write("x.so", std::string("x"));
  const uid_t us = geteuid(), another = us + 1;
  CHECK_NOTHROW(check_trust(file, another));
  fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
  CHECK_NOTHROW(check_trust(file, us));
  const Error error = error_of([&] { check_trust(file, another); });
  CHECK(error.code() == Code::E124);
  CHECK(has(error.text(), "refusing: file " + file.string() + " is world-writable"));

  fs::permissions(folder.path(), fs::perms::others_write, fs::perm_options::add);
  const Error directory = error_of([&] { check_trust(folder.path(), another); });
  CHECK(has(directory.text(), "refusing: directory " + folder.path().string()));
  CHECK_NOTHROW(check_trust(folder.path() / "not-there", another));
}
