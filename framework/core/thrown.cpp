// SPDX-License-Identifier: Apache-2.0
#include "core/thrown.hpp"

#include <new>

namespace deltaw {

Error thrown_error() {
  try {
    throw;
  } catch (const Error& error) {
    return Error(error);
  } catch (const std::bad_alloc&) {
    return {Code::E003, "not enough memory"};
  } catch (const std::exception& error) {
    return {Code::E001, error.what()};
  }
}

}  // namespace deltaw
