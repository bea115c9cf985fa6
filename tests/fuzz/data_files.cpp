// SPDX-License-Identifier: Apache-2.0
// Data sets: CSV, IDX and CIFAR, also compressed. The first byte says which, modulo their number.
#include <algorithm>

#include "core/error.hpp"
#include "input.hpp"
#include "places.hpp"
#include "result/file.hpp"
#include "scratch_file.hpp"
#include "task/dataset.hpp"

namespace deltaw::test {
namespace {

namespace fs = std::filesystem;

enum Format : unsigned char { csv, csv_gz, csv_xz, idx, cifar, k_formats };

const fs::path k_folder = "/dev/shm";
std::string name_of(const fs::path& file) { return file.filename().string(); }

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

// Two images of 2 x 3, then as many labels: one input, cut where the images end.
std::string small_idx() {
  return big_endian(0x803) + big_endian(2) + big_endian(2) + big_endian(3) +
         std::string("\0\1\2\3\4\5\6\7\10\11\12\13", 12) + big_endian(0x801) + big_endian(2) +
         std::string("\0\1", 2);
}

std::string small_cifar() {
  std::string bytes;
  for (char label = 0; label < 2; ++label) bytes += label + std::string(3072, '\7');
  return bytes;
}

class DataFiles final : public Input {
 public:
  [[nodiscard]] bool is_json() const override { return false; }
  [[nodiscard]] std::vector<std::string> examples() const override {
    std::vector<std::string> all = {std::string(1, csv) + "a,b,label\n1,2,0\n3,4.5,1\n",
                                    std::string(1, csv) + "u;v;class\n-1e3;2;0\n0.5;.25;1\n",
                                    std::string(1, idx) + small_idx(),
                                    std::string(1, cifar) + small_cifar()};
    for (const auto& entry : fs::directory_iterator(fs::path(k_source_folder) / "data/digits")) {
      const std::string name = entry.path().string();
      const auto add = [&](Format format) {
        all.push_back(std::string(1, static_cast<char>(format)) + read_file(entry.path()));
      };
      if (name.ends_with(".csv.gz")) add(csv_gz);
      if (name.ends_with(".csv.xz")) add(csv_xz);
    }
    std::ranges::sort(all);
    return all;
  }
  void read(std::string_view bytes) override {
    if (bytes.empty()) throw Error(Code::E400, "no file");
    const auto format = static_cast<unsigned char>(bytes.front()) % k_formats;
    bytes.remove_prefix(1);
    DataSpec spec;
    spec.type = format == idx ? "idx" : format == cifar ? "cifar" : "csv";
    if (format == csv) spec.file = name_of(plain_.holding(bytes));
    if (format == csv_gz) spec.file = name_of(gzip_.holding(bytes));
    if (format == csv_xz) spec.file = name_of(xz_.holding(bytes));
    if (format == cifar) spec.files = {name_of(plain_.holding(bytes))};
    if (format == idx) {
      const std::size_t cut = std::min<std::size_t>(bytes.size(), 28);
      spec.images = name_of(images_.holding(bytes.substr(0, cut)));
      spec.labels = name_of(plain_.holding(bytes.substr(cut)));
    }
    static_cast<void>(load_dataset(spec, {k_folder}));
  }

 private:
  ScratchFile plain_{"data"}, gzip_{"data.csv.gz"}, xz_{"data.csv.xz"}, images_{"images"};
};

}  // namespace

std::unique_ptr<Input> data_files() { return std::make_unique<DataFiles>(); }

}  // namespace deltaw::test
