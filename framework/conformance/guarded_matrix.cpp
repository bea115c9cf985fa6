// SPDX-License-Identifier: Apache-2.0
// Pages from the system, of which the first and the last must not be touched.
#include "conformance/guarded_matrix.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <utility>

namespace deltaw {
namespace {

constexpr std::size_t k_margin = 512;  // elements of filler before the view, and at least after it
constexpr double k_fillers[] = {0, 1, 3};

std::size_t size_of(std::uint32_t dtype) {
  if (dtype == DELTAW_F64) return sizeof(double);
  return dtype == DELTAW_U8 ? 1 : sizeof(float);
}

}  // namespace

GuardedMatrix::GuardedMatrix(std::uint32_t dtype, std::size_t rows, std::size_t max_columns,
                             std::size_t padding, int filler)
    : dtype_(dtype),
      size_(size_of(dtype)),
      rows_(rows),
      max_columns_(max_columns),
      ld_(rows + padding),
      page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
      area_(((2 * k_margin + ld_ * max_columns) * size_ + page_ - 1) / page_ * page_) {
  void* memory = mmap(nullptr, area_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<std::byte*>(memory);
  if (mprotect(memory_ + page_, area_, PROT_READ | PROT_WRITE) != 0) {
    munmap(memory_, area_ + 2 * page_);
    throw std::bad_alloc();
  }
  for (std::size_t at = 0; at < area_; at += size_) put(memory_ + page_ + at, k_fillers[filler]);
}

GuardedMatrix::~GuardedMatrix() {
  if (memory_ != nullptr) munmap(memory_, area_ + 2 * page_);
}

GuardedMatrix::GuardedMatrix(GuardedMatrix&& other) noexcept
    : dtype_(other.dtype_),
      size_(other.size_),
      rows_(other.rows_),
      max_columns_(other.max_columns_),
      ld_(other.ld_),
      page_(other.page_),
      area_(other.area_),
      memory_(std::exchange(other.memory_, nullptr)),
      remembered_(std::move(other.remembered_)) {}

std::byte* GuardedMatrix::entry(std::size_t row, std::size_t column) const {
  return memory_ + page_ + (k_margin + column * ld_ + row) * size_;
}

void GuardedMatrix::put(std::byte* place, double value) const {
  const auto write = [place](auto number) { std::memcpy(place, &number, sizeof number); };
  switch (dtype_) {
    case DELTAW_F32:
      return write(static_cast<float>(value));
    case DELTAW_F64:
      return write(value);
    case DELTAW_U32:
      return write(static_cast<std::uint32_t>(value));
    default:
      return write(static_cast<std::uint8_t>(value));
  }
}

void GuardedMatrix::set_read_only(bool is_read_only) {
  mprotect(memory_ + page_, area_, is_read_only ? PROT_READ : PROT_READ | PROT_WRITE);
}

void GuardedMatrix::set(const arma::mat& values) {
  for (std::size_t j = 0; j < values.n_cols; ++j) {
    for (std::size_t i = 0; i < rows_; ++i) put(entry(i, j), values(i, j));
  }
}

deltaw_matrix GuardedMatrix::view(std::size_t first, std::size_t columns,
                                  std::uint32_t flags) const {
  return {entry(0, first), rows_, columns, ld_, dtype_, flags};
}

std::uint64_t GuardedMatrix::bits(std::size_t row, std::size_t column) const {
  std::uint64_t out = 0;
  std::memcpy(&out, entry(row, column), size_);
  return out;
}

void GuardedMatrix::remember() { remembered_.assign(memory_ + page_, memory_ + page_ + area_); }

bool GuardedMatrix::is_untouched() const {
  return remembered_.empty() || std::memcmp(remembered_.data(), memory_ + page_, area_) == 0;
}

bool GuardedMatrix::is_untouched_around() const {
  if (remembered_.empty()) return true;
  std::vector<std::byte> now(memory_ + page_, memory_ + page_ + area_);
  for (std::size_t j = 0; j < max_columns_; ++j) {
    const std::size_t at = (k_margin + j * ld_) * size_;
    std::memcpy(now.data() + at, remembered_.data() + at, rows_ * size_);
  }
  return now == remembered_;
}

}  // namespace deltaw
