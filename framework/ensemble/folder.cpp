// SPDX-License-Identifier: Apache-2.0
#include "ensemble/folder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/npy.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_found = "ensemble.json";
constexpr const char* k_probabilities = "probabilities";

void clear(const fs::path& path) {
  std::error_code refused;
  fs::remove_all(path, refused);
  if (!refused) return;
  throw Error(Code::E600, fmt::format("cannot remove '{}'", path.string()),
              {.found = refused.message(), .hint = "another folder with --out"});
}

}  // namespace

EnsembleFolder::EnsembleFolder(fs::path path, bool is_replaced) : path_(std::move(path)) {
  for (const char* other : {"experiment.json", "tuning.json"}) {
    if (!fs::exists(path_ / other)) continue;
    throw Error(Code::E601, fmt::format("'{}' has other results", path_.string()),
                {.found = fmt::format("'{}'", (path_ / other).string()),
                 .hint = "another folder with --out"});
  }
  if (is_replaced || !fs::exists(path_ / k_found)) return;
  throw Error(Code::E601, fmt::format("'{}' already has results", path_.string()),
              {.found = fmt::format("'{}'", (path_ / k_found).string()),
               .hint = "another folder with --out, or --overwrite"});
}

void EnsembleFolder::write(const Found& found, const nlohmann::json& provenance) const {
  if (fs::exists(path_ / k_found)) {
    for (const char* name : {k_found, "report.html", k_probabilities}) clear(path_ / name);
  }
  make_folder(path_ / k_probabilities);
  for (const auto& [name, p] : found.probabilities) {
    const NpyMatrix matrix{p.n_rows, p.n_cols, std::vector<double>(p.begin(), p.end())};
    write_file(path_ / k_probabilities / (name + ".npy"), npy_bytes(matrix));
  }
  write_json(path_ / "provenance.json", provenance);
  write_json(path_ / k_found, found.document);
}

}  // namespace deltaw
