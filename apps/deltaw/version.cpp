// SPDX-License-Identifier: Apache-2.0
// From the headers of the libraries, and from OpenBLAS itself.
#include "version.hpp"

#include <cblas.h>
#include <deltaw/abi.h>
#include <fmt/format.h>

#include <armadillo>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "core/one_dnn_version.hpp"

namespace deltaw {

namespace {

// "0.3.21 NO_LAPACKE DYNAMIC_ARCH ..., kernels for Zen"
std::string openblas() {
  std::string config = openblas_get_config();
  const std::string name = "OpenBLAS ";
  if (config.starts_with(name)) config.erase(0, name.size());
  return fmt::format("{}, kernels for {}", config, openblas_get_corename());
}

}  // namespace

std::vector<std::pair<std::string, std::string>> build_facts() {
  return {
      {"ABI of rules", fmt::format("{}.{}", DELTAW_ABI_MAJOR, DELTAW_ABI_MINOR)},
      {"compiler", DELTAW_COMPILER},
      {"build", DELTAW_BUILD_TYPE},
      {"Armadillo",
       fmt::format("{}.{}.{}", ARMA_VERSION_MAJOR, ARMA_VERSION_MINOR, ARMA_VERSION_PATCH)},
      {"OpenBLAS", openblas()},
      {"oneDNN", one_dnn_version()},
      {"Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                            BOOST_VERSION % 100)},
      {"nlohmann/json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                    NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
  };
}

std::string version_text() {
  std::vector<Row> rows;
  for (const auto& [what, which] : build_facts()) rows.push_back({what, which});
  return fmt::format("deltaw {}\n{}", DELTAW_VERSION, aligned(rows, "  "));
}

}  // namespace deltaw
