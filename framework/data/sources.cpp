// SPDX-License-Identifier: Apache-2.0
// Hashes of MNIST and Fashion-MNIST are of the files as their authors published them; those of
// CIFAR-10's batches are of the archive's members.
#include "data/sources.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

PublishedSet digits() {
  return {.name = "digits",
          .title = "1,797 handwritten digits of 8 x 8 pixels",
          .licence = "BSD-3-Clause as shipped by scikit-learn; CC BY 4.0 at its origin",
          .citation =
              "E. Alpaydin, C. Kaynak 1998, Optical recognition of handwritten digits, "
              "doi:10.24432/C50P49",
          .files = {{"digits.csv.gz", 57'512,
                     "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a",
                     "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"}},
          .mirrors = {"https://raw.githubusercontent.com/scikit-learn/scikit-learn/main/sklearn/"
                      "datasets/data/"},
          .is_shipped = true};
}

PublishedSet mnist() {
  return {.name = "mnist",
          .title = "70,000 handwritten digits of 28 x 28 pixels, 10,000 of them for tests",
          .licence = "copyright Y. LeCun and C. Cortes; usually given as CC BY-SA 3.0",
          .citation =
              "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner 1998, Gradient-based learning "
              "applied to document recognition, doi:10.1109/5.726791",
          .files = {{"train-images-idx3-ubyte.gz", 9'912'422,
                     "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
                    {"train-labels-idx1-ubyte.gz", 28'881,
                     "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
                    {"t10k-images-idx3-ubyte.gz", 1'648'877,
                     "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
                    {"t10k-labels-idx1-ubyte.gz", 4'542,
                     "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}},
          .mirrors = {"http://yann.lecun.com/exdb/mnist/",
                      "https://ossci-datasets.s3.amazonaws.com/mnist/",
                      "https://storage.googleapis.com/cvdf-datasets/mnist/"}};
}

PublishedSet fashion_mnist() {
  return {.name = "fashion-mnist",
          .title = "70,000 articles of clothing of 28 x 28 pixels, 10,000 of them for tests",
          .licence = "MIT, copyright 2017 Zalando SE",
          .citation =
              "H. Xiao, K. Rasul, R. Vollgraf 2017, Fashion-MNIST: a novel image dataset "
              "for benchmarking machine learning algorithms, arXiv:1708.07747",
          .files = {{"train-images-idx3-ubyte.gz", 26'421'880,
                     "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                     "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
                    {"train-labels-idx1-ubyte.gz", 29'515,
                     "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                     "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
                    {"t10k-images-idx3-ubyte.gz", 4'422'102,
                     "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                     "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
                    {"t10k-labels-idx1-ubyte.gz", 5'148,
                     "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                     "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}},
          .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/"
                      "fashion/"}};
}

PublishedFile batch(const char* name, const char* sha256) {
  return {.name = name, .bytes = 30'730'000, .sha256 = sha256, .content = sha256};
}

PublishedSet cifar_10() {
  return {
      .name = "cifar-10",
      .title = "60,000 photographs of 32 x 32 pixels in colour, 10,000 of them for tests",
      .licence = "none stated; its authors ask to be cited",
      .citation =
          "A. Krizhevsky 2009, Learning multiple layers of features from tiny images, "
          "technical report, University of Toronto",
      .files = {batch("data_batch_1.bin",
                      "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                batch("data_batch_2.bin",
                      "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                batch("data_batch_3.bin",
                      "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                batch("data_batch_4.bin",
                      "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                batch("data_batch_5.bin",
                      "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                batch("test_batch.bin",
                      "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")},
      .archive = PublishedFile{.name = "cifar-10-binary.tar.gz",
                               .bytes = 170'052'171,
                               .sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a"
                                         "59bca1dd",
                               .content = ""},
      .folder_in_archive = "cifar-10-batches-bin/",
      .mirrors = {"https://www.cs.toronto.edu/~kriz/",
                  "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"}};
}

}  // namespace

std::uint64_t PublishedSet::bytes() const {
  std::uint64_t sum = 0;
  for (const PublishedFile& file : files) sum += file.bytes;
  return sum;
}

const std::vector<PublishedSet>& published_sets() {
  static const std::vector<PublishedSet> sets = {digits(), mnist(), fashion_mnist(), cifar_10()};
  return sets;
}

const PublishedSet& published_set(const std::string& name) {
  std::vector<std::string> names;
  for (const PublishedSet& set : published_sets()) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  throw Error(Code::E410, fmt::format("no data set '{}'", name), {.hint = suggest(name, names)});
}

}  // namespace deltaw
