// SPDX-License-Identifier: Apache-2.0
#include "core/one_dnn_version.hpp"

#include <fmt/format.h>
#include <oneapi/dnnl/dnnl.h>

namespace deltaw {

std::string one_dnn_version() {
  const dnnl_version_t& version = *dnnl_version();
  return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

}  // namespace deltaw
