// SPDX-License-Identifier: Apache-2.0
// Every rule that the manifests on a search path offer. No plugin's code runs until open().
// Immutable but for open(), which locks: any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "plugin/library.hpp"
#include "plugin/manifest.hpp"
#include "plugin/search_path.hpp"

namespace deltaw {

// One rule of one manifest, or a manifest that could not be read.
struct CatalogueEntry {
  enum class State { ok, shadowed, refused };

  RuleSpec rule;                             // of a manifest that could not be read: at most the id
  std::shared_ptr<const Manifest> manifest;  // null when it could not be read
  std::filesystem::path file;                // the manifest
  std::string origin;                        // of its place on the search path
  int level = 0;
  State state = State::ok;
  std::filesystem::path shadowed_by;  // the manifest that comes first
  std::optional<Error> error;         // why it is refused
};

[[nodiscard]] std::string_view name_of(CatalogueEntry::State);

// A place of the search path with what was found there.
struct Visit {
  SearchPlace place;
  bool exists = false;
  std::vector<std::filesystem::path> manifests;
};

class Catalogue {
 public:
  // Looks into each place: a folder's own *.rule.json and those of its subfolders, sorted. The
  // first place that has an id wins, even when what it has is refused. An error of a --plugin file
  // is thrown, any other is kept with its entry.
  explicit Catalogue(const std::vector<SearchPlace>& places);
  Catalogue(Catalogue&&) noexcept;
  ~Catalogue();

  // In order of precedence.
  [[nodiscard]] const std::vector<CatalogueEntry>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<Visit>& visits() const { return visits_; }
  [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }  // W404

  // The rule "id", or "id@version", which reaches shadowed ones too. Errors: E101 unknown, with the
  // nearest names; the rule's own reason when it is refused. Valid as long as the catalogue.
  [[nodiscard]] const CatalogueEntry& find(std::string_view name) const;

  // Called with what is about to be opened for the first time, unless it came with the program
  // ("installed"); throws what speaks against it.
  void probe_with(std::function<void(const Manifest&)> probe) { probe_ = std::move(probe); }
  // The library of an entry; the same object each time. Errors: those of Library and of the probe.
  [[nodiscard]] std::shared_ptr<const Library> open(const CatalogueEntry& entry);

 private:
  struct Opened;

  void add_manifest(const std::filesystem::path& file, const SearchPlace& place);
  void settle_precedence();
  [[nodiscard]] Error unknown(std::string_view name, const std::vector<std::string>& known) const;

  std::vector<CatalogueEntry> entries_;
  std::vector<Visit> visits_;
  std::vector<Error> warnings_;
  std::unique_ptr<Opened> opened_;
  std::function<void(const Manifest&)> probe_;
};

}  // namespace deltaw
