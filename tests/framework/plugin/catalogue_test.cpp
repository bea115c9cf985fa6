// SPDX-License-Identifier: Apache-2.0
#include "plugin/catalogue.hpp"

#include "fixture.hpp"
#include "places.hpp"

using namespace deltaw;
using namespace deltaw::test;
using nlohmann::json;
using State = CatalogueEntry::State;

namespace {

const fs::path good_library = fs::path(k_build_folder) / "tests/plugins/good_hebb.so";

// A plugin: a manifest, and beside it the library that it names.
fs::path install(const Folder& folder, const fs::path& where, const std::string& id,
                 const std::string& version = "1.0.0") {
  json manifest = good_manifest(id);
  manifest["rules"][0]["version"] = version;
  const fs::path file = folder.write(where, manifest);
  const fs::path library = file.parent_path() / "good_hebb.so";
  if (!fs::exists(library)) fs::copy_file(good_library, library);
  return file;
}

SearchPlace place(const fs::path& path, int level) {
  return {path, SearchPlace::Kind::folder, "test", level, ""};
}

SearchPlace given_file(const fs::path& path) {
  return {path, SearchPlace::Kind::file, "--plugin", 0, ""};
}

std::vector<std::string> ids(const Catalogue& catalogue) {
  std::vector<std::string> found;
  for (const CatalogueEntry& entry : catalogue.entries()) found.push_back(entry.rule.id);
  return found;
}

Error error_finding(const Catalogue& catalogue, const std::string& name) {
  return error_of([&] { (void)catalogue.find(name); });
}

}  // namespace

TEST_CASE("manifests are found in a folder and one level below, sorted") {
  const Folder folder;
  install(folder, "c.rule.json", "c");
  install(folder, "b/b.rule.json", "b");
  install(folder, "a.rule.json", "a");
  install(folder, "d/deep/x.rule.json", "too-deep");
  folder.write("notes.json", std::string("{}"));
  folder.write(".rule.json", std::string("{}"));
  const Catalogue catalogue({place(folder.path(), 1)});
  CHECK(ids(catalogue) == std::vector<std::string>{"a", "b", "c"});
  CHECK(catalogue.visits()[0].manifests.size() == 3);
  CHECK(catalogue.find("b").state == State::ok);
}

TEST_CASE("a place that is skipped or missing holds nothing") {
  const Folder folder;
  install(folder, "a.rule.json", "a");
  SearchPlace skipped = place(folder.path(), 1);
  skipped.skipped = "--trust-project is not given";
  const Catalogue catalogue({skipped, place(folder.path() / "nowhere", 2)});
  CHECK(catalogue.entries().empty());
  CHECK(catalogue.visits()[0].exists);
  CHECK_FALSE(catalogue.visits()[1].exists);
}

TEST_CASE("a shadowed plugin is listed with what shadows it, and still reached by its version") {
  const Folder folder;
  const fs::path first = install(folder, "one/x.rule.json", "x", "1.0.0");
  const fs::path second = install(folder, "two/x.rule.json", "x", "2.0.0");
  const Catalogue catalogue({place(folder.path() / "one", 1), place(folder.path() / "two", 2)});
  CHECK(catalogue.find("x").file == first);
  REQUIRE(catalogue.entries().size() == 2);
  CHECK(catalogue.entries()[1].state == State::shadowed);
  CHECK(catalogue.entries()[1].shadowed_by == first);
  CHECK(catalogue.find("x@2.0.0").file == second);
  const Error error = error_finding(catalogue, "x@3.0.0");
  CHECK(error.code() == Code::E101);
  CHECK(has(error.text(), "did you mean 'x@1.0.0'?"));
}

TEST_CASE("two plugins with one id on one level are E114, told apart by version") {
  const Folder folder;
  const fs::path a = install(folder, "a/x.rule.json", "x", "1.0.0");
  const fs::path b = install(folder, "b/x.rule.json", "x", "2.0.0");
  const Catalogue catalogue({place(folder.path(), 1)});
  const Error error = error_finding(catalogue, "x");
  CHECK(error.code() == Code::E114);
  CHECK(has(error.text(), "id 'x' in " + a.string() + " and " + b.string()));
  CHECK(has(error.text(), "x@1.0.0 or x@2.0.0"));
  CHECK(catalogue.find("x@2.0.0").file == b);
  for (const CatalogueEntry& entry : catalogue.entries()) CHECK(entry.state == State::refused);

  install(folder, "c/x.rule.json", "x", "2.0.0");
  const Catalogue worse({place(folder.path(), 1)});
  CHECK(error_finding(worse, "x@2.0.0").code() == Code::E114);
  CHECK(worse.find("x@1.0.0").file == a);
}

TEST_CASE("an unknown rule is E101 with the nearest name and the number of places") {
  const Folder folder;
  install(folder, "x.rule.json", "org.example.oja");
  const Catalogue catalogue({place(folder.path(), 1), place(folder.path() / "nowhere", 2)});
  const Error error = error_finding(catalogue, "oja2");
  CHECK(error.code() == Code::E101);
  CHECK(has(error.text(), "no rule 'oja2'"));
  CHECK(has(error.text(), "did you mean 'org.example.oja'? searched 2 places"));
  CHECK(error_finding(catalogue, "zzzzzz").detail().hint.starts_with("searched 2 places"));
}

TEST_CASE("a refused plugin is listed with its reason, and asking for it gives that reason") {
  const Folder folder;
  json wrong = good_manifest("wrong");
  wrong["rules"][0]["grain"] = "week";
  folder.write("a.rule.json", wrong);
  folder.write("broken.rule.json", std::string("{"));
  json alone = good_manifest("alone");
  alone["library"] = "missing.so";
  folder.write("c.rule.json", alone);
  const Catalogue catalogue({place(folder.path(), 1)});
  REQUIRE(catalogue.entries().size() == 3);
  for (const CatalogueEntry& entry : catalogue.entries()) CHECK(entry.state == State::refused);
  CHECK(error_finding(catalogue, "wrong").code() == Code::E111);
  CHECK(error_finding(catalogue, "broken").code() == Code::E110);
  CHECK(error_finding(catalogue, "alone").code() == Code::E120);
}

TEST_CASE("a refused plugin does not let a later one take its place") {
  const Folder folder;
  json wrong = good_manifest("x");
  wrong["schema"] = 2;
  folder.write("one/x.rule.json", wrong);
  install(folder, "two/x.rule.json", "x");
  const Catalogue catalogue({place(folder.path() / "one", 1), place(folder.path() / "two", 2)});
  CHECK(error_finding(catalogue, "x").code() == Code::E112);
  CHECK(catalogue.entries()[1].state == State::shadowed);
}

TEST_CASE("an error of a --plugin file is fatal") {
  const Folder folder;
  const fs::path good = install(folder, "good_hebb.rule.json", "x");
  const Catalogue by_manifest({given_file(good)});
  CHECK(ids(by_manifest) == std::vector<std::string>{"x"});
  const Catalogue by_library({given_file(folder.path() / "good_hebb.so")});
  CHECK(ids(by_library) == std::vector<std::string>{"x"});
  const auto error = [&](const fs::path& file) {
    return error_of([&] { const Catalogue catalogue({given_file(file)}); });
  };
  CHECK(error(folder.path() / "nowhere.so").code() == Code::E103);
  CHECK(error(folder.write("y.rule.json", std::string("["))).code() == Code::E110);
}

TEST_CASE("one file found by two paths is W404 and counts once") {
  const Folder folder;
  const fs::path real = install(folder, "real/x.rule.json", "x");
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "link");
  const Catalogue catalogue({place(folder.path() / "real", 1), place(folder.path() / "link", 2)});
  CHECK(ids(catalogue) == std::vector<std::string>{"x"});
  REQUIRE(catalogue.warnings().size() == 1);
  CHECK(catalogue.warnings()[0].code() == Code::W404);
  CHECK(has(catalogue.warnings()[0].text(), "same file as " + real.string()));

  const Catalogue named({given_file(real), place(folder.path() / "real", 1)});
  CHECK(ids(named) == std::vector<std::string>{"x"});
  CHECK(named.warnings().empty());
}

TEST_CASE("a second manifest that names the same library is checked against it too") {
  const Folder folder;
  install(folder, "good.rule.json", "good-hebb");
  install(folder, "other.rule.json", "other");
  Catalogue catalogue({place(folder.path(), 1)});
  CHECK_NOTHROW((void)catalogue.open(catalogue.find("good-hebb")));
  const Error error = error_of([&] { (void)catalogue.open(catalogue.find("other")); });
  CHECK(error.code() == Code::E137);
  CHECK(has(error.text(), "other.rule.json and good_hebb.so disagree on the rules"));
}

TEST_CASE("a link into a folder that everybody may write is E124") {
  const Folder folder, target;
  // Ours would pass; root can give it away, others have the folder of temporary files.
  const fs::path unsafe = geteuid() == 0 ? target.path() : fs::temp_directory_path();
  if (geteuid() == 0) {
    REQUIRE(chown(unsafe.c_str(), 65534, 65534) == 0);
    fs::permissions(unsafe, fs::perms::all);
  }
  const std::string name = target.path().filename().string();
  const fs::path manifest = unsafe / (name + ".rule.json"), library = unsafe / (name + ".so");
  std::ofstream(manifest) << good_manifest("linked").dump();
  fs::copy_file(good_library, library);
  fs::create_symlink(manifest, folder.path() / "linked.rule.json");
  install(folder, "good/good.rule.json", "good-hebb");
  fs::remove(folder.path() / "good/good_hebb.so");
  fs::create_symlink(library, folder.path() / "good/good_hebb.so");

  Catalogue catalogue({place(folder.path(), 1)});
  CHECK(error_finding(catalogue, "linked").code() == Code::E124);
  const Error error = error_of([&] { (void)catalogue.open(catalogue.find("good-hebb")); });
  CHECK(error.code() == Code::E124);
  CHECK(has(error.text(), "refusing: directory " + unsafe.string() + " is world-writable"));
  fs::remove(manifest);
  fs::remove(library);
}

TEST_CASE("a library is opened once, and only when asked for") {
  const Folder folder;
  install(folder, "good.rule.json", "good-hebb");
  folder.write("lazy/x.rule.json", good_manifest("lazy"));
  folder.write("lazy/good_hebb.so", std::string("no library"));
  Catalogue catalogue({place(folder.path(), 1)});
  const auto library = catalogue.open(catalogue.find("good-hebb"));
  CHECK(library == catalogue.open(catalogue.find("good-hebb")));
  CHECK(std::string(library->table().rule_info(0)->id) == "good-hebb");
  CHECK(catalogue.find("lazy").state == State::ok);
  CHECK(error_of([&] { (void)catalogue.open(catalogue.find("lazy")); }).code() == Code::E121);
}
