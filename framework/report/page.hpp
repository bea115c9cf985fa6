// SPDX-License-Identifier: Apache-2.0
// The report as one self-contained page. One writer a folder.
#pragma once

#include <filesystem>

namespace deltaw {

// Reads the result folder and writes report.html into it: tables and charts that need no network.
// Errors: E603 when the folder is missing or damaged, E600 and E602 when the page cannot be
// written.
void write_report(const std::filesystem::path& result_folder);

// The same for the folder of a tuning: what was found, and how much each value matters.
void write_tuning_report(const std::filesystem::path& folder);

// The same for the folder of ensembles: members and ensembles beside each other.
void write_ensemble_report(const std::filesystem::path& folder);

}  // namespace deltaw
