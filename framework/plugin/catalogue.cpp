// SPDX-License-Identifier: Apache-2.0
// Building the catalogue, and finding rules in it.
#include "plugin/catalogue.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "core/nearest.hpp"
#include "plugin/scan.hpp"
#include "plugin/trust.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using State = CatalogueEntry::State;

// Everything that can be said against a plugin without running it or reading its library.
Manifest read_trusted(const fs::path& file) {
  check_trust(fs::absolute(file).parent_path(), geteuid());
  check_trust(file, geteuid());
  Manifest manifest = read_manifest(file);
  check_trust(manifest.file.parent_path(), geteuid());  // where a link led to
  return manifest;
}

Error same_id(const CatalogueEntry& a, const CatalogueEntry& b) {
  return {Code::E114,
          fmt::format("id '{}' in {} and {}", a.rule.id, a.file.string(), b.file.string()),
          {.hint = a.rule.version == b.rule.version
                       ? "remove one of them"
                       : fmt::format("remove one, or say {}@{} or {}@{}", a.rule.id, a.rule.version,
                                     b.rule.id, b.rule.version)}};
}

// A file named on the command line that a folder would have found anyway is no surprise.
bool is_same_path(const fs::path& a, const fs::path& b) {
  return fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

std::string last_segment(std::string_view id) { return std::string(id.substr(id.rfind('.') + 1)); }

// "oja2" is near to "org.example.oja" too: the domain is left out of the comparison.
std::string nearest_id(std::string_view name, const std::vector<std::string>& ids) {
  std::string near = nearest(name, ids);
  for (std::size_t i = 0; i < ids.size() && near.empty(); ++i) {
    if (!nearest(last_segment(name), {last_segment(ids[i])}).empty()) near = ids[i];
  }
  return near;
}

}  // namespace

std::string_view name_of(State state) {
  if (state == State::ok) return "ok";
  return state == State::shadowed ? "shadowed" : "refused";
}

struct Catalogue::Opened {
  std::mutex mutex;
  // By manifest: two that name one library are each checked against it.
  std::map<fs::path, std::shared_ptr<const Library>> libraries;
};

Catalogue::Catalogue(const std::vector<SearchPlace>& places) : opened_(std::make_unique<Opened>()) {
  std::map<std::pair<dev_t, ino_t>, fs::path> seen;
  for (const SearchPlace& place : places) {
    std::error_code ignored;
    Visit visit{place, fs::exists(place.path, ignored), {}};
    if (place.skipped.empty()) visit.manifests = manifests_of(place);
    for (const fs::path& file : visit.manifests) {
      struct stat status {};
      if (stat(file.c_str(), &status) == 0) {
        const auto [first, is_new] = seen.try_emplace({status.st_dev, status.st_ino}, file);
        if (!is_new) {
          if (!is_same_path(file, first->second)) {
            warnings_.emplace_back(Code::W404, fmt::format("{}: same file as {}; ignored",
                                                           file.string(), first->second.string()));
          }
          continue;
        }
      }
      add_manifest(file, place);
    }
    visits_.push_back(std::move(visit));
  }
  settle_precedence();
}

Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;

void Catalogue::add_manifest(const fs::path& file, const SearchPlace& place) {
  CatalogueEntry entry;
  entry.file = file;
  entry.origin = place.origin;
  entry.level = place.level;
  try {
    entry.manifest = std::make_shared<const Manifest>(read_trusted(file));
    check_present(*entry.manifest);
  } catch (const Error& error) {
    if (place.kind == SearchPlace::Kind::file) throw;
    entry.error = error;
  } catch (const std::filesystem::filesystem_error& error) {
    entry.error = Error(Code::E103, fmt::format("{}: {}", file.string(), error.what()));
    if (place.kind == SearchPlace::Kind::file) throw Error(*entry.error);
  }
  if (entry.error) entry.state = State::refused;
  if (entry.manifest) {
    for (const RuleSpec& rule : entry.manifest->rules) {
      entry.rule = rule;
      entries_.push_back(entry);
    }
  } else {
    for (const std::string& id : ids_despite_errors(file)) {
      entry.rule.id = id;
      entries_.push_back(entry);
    }
  }
}

void Catalogue::settle_precedence() {
  std::map<std::string, std::size_t> first_of;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    CatalogueEntry& entry = entries_[i];
    if (entry.rule.id.empty()) continue;
    const auto [found, is_first] = first_of.try_emplace(entry.rule.id, i);
    CatalogueEntry& first = entries_[found->second];
    if (is_first || entry.error) continue;
    if (entry.level > first.level) {
      entry.state = State::shadowed;
      entry.shadowed_by = first.file;
      continue;
    }
    for (CatalogueEntry* twin : {&first, &entry}) {
      if (!twin->error) twin->error = same_id(first, entry);
      twin->state = State::refused;
    }
  }
}

const CatalogueEntry& Catalogue::find(std::string_view name) const {
  const std::size_t separator = std::min(name.find('@'), name.size());
  const std::string_view id = name.substr(0, separator);
  const std::string_view version = name.substr(std::min(separator + 1, name.size()));
  std::vector<std::string> known;
  const CatalogueEntry* twin = nullptr;
  for (const CatalogueEntry& entry : entries_) {
    const bool is_of_file =
        entry.rule.id.empty() && entry.file.filename().string() == last_segment(id) + ".rule.json";
    if (entry.rule.id != id && !is_of_file) {
      if (!entry.rule.id.empty()) known.push_back(entry.rule.id);
      continue;
    }
    if (version.empty() || entry.rule.version.empty()) {
      if (entry.error) throw Error(*entry.error);
      return entry;
    }
    known.push_back(fmt::format("{}@{}", entry.rule.id, entry.rule.version));
    if (entry.rule.version != version) continue;
    if (!entry.error) return entry;
    if (entry.error->code() != Code::E114) throw Error(*entry.error);
    if (twin != nullptr && twin->level == entry.level) throw Error(*entry.error);
    if (twin == nullptr) twin = &entry;
  }
  if (twin != nullptr) return *twin;
  throw unknown(name, known);
}

Error Catalogue::unknown(std::string_view name, const std::vector<std::string>& known) const {
  const auto is_searched = [](const Visit& visit) { return visit.place.skipped.empty(); };
  const auto searched = std::count_if(visits_.begin(), visits_.end(), is_searched);
  const std::string near = nearest_id(name, known);
  return {Code::E101,
          fmt::format("no rule '{}'", name),
          {.hint = fmt::format("{}searched {} places; deltaw rules --why {} lists them",
                               near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
                               searched, name)}};
}

std::shared_ptr<const Library> Catalogue::open(const CatalogueEntry& entry) {
  if (!entry.manifest) throw Error(entry.error.value());
  const std::lock_guard lock(opened_->mutex);
  auto& library = opened_->libraries[entry.manifest->file];
  if (library) return library;
  if (probe_ && entry.origin != k_installed) probe_(*entry.manifest);
  library = std::make_shared<const Library>(*entry.manifest);
  return library;
}

}  // namespace deltaw
