// SPDX-License-Identifier: Apache-2.0
// The first 64 bytes of a library.
#include "plugin/elf.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/error.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr Elf64_Half host_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half host_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr Elf64_Half host_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr Elf64_Half host_machine = EM_PPC64;
#else
#error "name this machine for plugins: its e_machine in elf.h"
#endif

std::string machine_name(Elf64_Half machine) {
  switch (machine) {
    case EM_386:
      return "i386";
    case EM_X86_64:
      return "x86_64";
    case EM_ARM:
      return "arm";
    case EM_AARCH64:
      return "aarch64";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    default:
      return fmt::format("machine {}", machine);
  }
}

[[noreturn]] void refuse(const fs::path& file, const std::string& found) {
  throw Error(Code::E121, fmt::format("{}: not a shared library", file.string()),
              {.expected = "a whole ELF shared object", .found = found});
}

}  // namespace

void check_elf(const fs::path& file) {
  std::array<char, sizeof(Elf64_Ehdr)> bytes{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw Error(Code::E121, fmt::format("{}: cannot be read", file.string()),
                {.found = std::strerror(errno)});
  }
  stream.read(bytes.data(), bytes.size());
  const auto count = static_cast<std::size_t>(stream.gcount());
  const auto size = fs::file_size(file);
  if (count < EI_NIDENT || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    const std::array<unsigned char, 4> first = {
        static_cast<unsigned char>(bytes[0]), static_cast<unsigned char>(bytes[1]),
        static_cast<unsigned char>(bytes[2]), static_cast<unsigned char>(bytes[3])};
    refuse(file, fmt::format("{} bytes that begin with {:02x}", size, fmt::join(first, " ")));
  }
  if (count < bytes.size()) refuse(file, fmt::format("{} bytes: the file was cut", size));
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  constexpr auto host_class = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  if (header.e_ident[EI_CLASS] != host_class || header.e_machine != host_machine) {
    const int bits = header.e_ident[EI_CLASS] == ELFCLASS32 ? 32 : 64;
    throw Error(Code::E122,
                fmt::format("{}: built for {} ({} bits), this host is {} ({} bits)", file.string(),
                            machine_name(header.e_machine), bits, machine_name(host_machine),
                            8 * sizeof(void*)),
                {.hint = "rebuild the plugin on this machine"});
  }
  if (header.e_type != ET_DYN) refuse(file, fmt::format("an ELF file of type {}", header.e_type));
  // Linkers put the section headers last, so a file that stops before their end was cut.
  const std::uint64_t end = header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize;
  if (end > size || end < header.e_shoff) {
    refuse(file, fmt::format("{} bytes of {}: the file was cut", size, end));
  }
}

}  // namespace deltaw
