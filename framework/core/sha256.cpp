// SPDX-License-Identifier: Apache-2.0
// OpenSSL's EVP interface, one context a call.
#include "core/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace deltaw {

Sha256::Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL offers no SHA-256");
  }
}

void Sha256::add(const char* bytes, std::size_t count) {
  EVP_DigestUpdate(context_.get(), bytes, count);
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> hash{};
  EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr);
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

std::string sha256_hex(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 digest;
  std::vector<char> piece(1 << 16);
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    digest.add(piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof()) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  return digest.hex();
}

std::string sha256_hex_of_bytes(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes.data(), bytes.size());
  return digest.hex();
}

}  // namespace deltaw
