// SPDX-License-Identifier: Apache-2.0
#include "task/csv.hpp"

#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

CsvSamples read(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  CsvSamples samples;
  read_csv(write_file(folder.path() / "data.csv", text), options, samples);
  return samples;
}

using Values = std::vector<float>;
// Whether they are stored as bytes or not.
Values values_of(const CsvSamples& samples) {
  return std::visit([](const auto& values) { return Values(values.begin(), values.end()); },
                    samples.values);
}

using Labels = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("features and labels of a CSV file are told apart by the label's column") {
  const std::string text = "0.5,-2,7\n1e2,3,0\n";
  CHECK(values_of(read(text)) == Values{0.5f, -2, 100, 3});
  CHECK(read(text).labels == Labels{7, 0});
  const CsvSamples first = read("7,0.5,-2\n0,1e2,3\n", {.label = "first"});
  CHECK(values_of(first) == Values{0.5f, -2, 100, 3});
  CHECK(first.labels == Labels{7, 0});
  const CsvSamples named = read("a,class,b\n0.5,7,-2\n1e2,0,3\n", {.label = "class"});
  CHECK(values_of(named) == Values{0.5f, -2, 100, 3});
  CHECK(named.labels == Labels{7, 0});
  CHECK(named.features == 2);
}

TEST_CASE("separators, line ends, blanks, quotes and a byte-order mark do not matter") {
  for (const std::string text : {"1,2,3\n4,5,6\n", "1;2;3\n4;5;6", "1\t2\t3\r\n4\t5\t6\r\n",
                                 "\xef\xbb\xbf"
                                 "1 , 2,3\n\n 4,5 ,6\n\n",
                                 "\"x\",\"y\",\"z\"\n1,2,3\n4,5,6\n"}) {
    CAPTURE(text);
    CHECK(values_of(read(text)) == Values{1, 2, 4, 5});
    CHECK(read(text).labels == Labels{3, 6});
  }
}

TEST_CASE("a header is found by itself or stated") {
  CHECK(read("a,b\n1,2\n").labels == Labels{2});
  CHECK(read("1,2\n3,4\n", {.header = "yes"}).labels == Labels{4});
  check_error(Code::E403, "data.csv:1: column 1: wrong value",
              [] { (void)read("a,b\n1,2\n", {.header = "no"}); });
  check_error(Code::E503, "unknown value 'ja'", [] { (void)read("1,2\n", {.header = "ja"}); });
  check_error(Code::E401, "no rows below its header", [] { (void)read("a,b\n"); });
}

TEST_CASE("a second file continues the first if it has as many columns") {
  const TemporaryFolder folder;
  CsvSamples samples;
  read_csv(write_file(folder.path() / "a.csv", "1,2,0\n"), {}, samples);
  read_csv(write_file(folder.path() / "b.csv", "3,4,1\n"), {}, samples);
  CHECK(values_of(samples) == Values{1, 2, 3, 4});
  CHECK(samples.labels == Labels{0, 1});
  check_error(Code::E402, "expected 3, found 2",
              [&] { read_csv(write_file(folder.path() / "c.csv", "5,1\n"), {}, samples); });
}

TEST_CASE("a wrong cell is reported with line and column") {
  check_error(Code::E403,
              "data.csv:3: column 2: wrong value\n  expected a finite number, found 'x'",
              [] { (void)read("a,b,c\n1,2,0\n1,x,0\n"); });
  for (const std::string cell :
       {"nan", "inf", "-inf", "1e39", "1e400", "", "0x10", "1.5.2", "1 2"}) {
    CAPTURE(cell);
    check_error(Code::E403, ":2: column 1: wrong value",
                [&] { (void)read("1,0\n" + cell + ",0\n"); });
  }
  for (const std::string label : {"-1", "1.5", "4294967296", "", "cat"}) {
    CAPTURE(label);
    check_error(Code::E403, ":2: column 2: wrong label",
                [&] { (void)read("1,0\n1," + label + "\n"); });
  }
}

TEST_CASE("pixels outside 0 .. maximum are refused where a maximum is stated") {
  const CsvOptions pixels = {.maximum = 16};
  CHECK(values_of(read("0,16,3\n", pixels)) == Values{0, 16});
  check_error(Code::E403,
              ":2: column 1: value out of range\n  expected a number in 0 .. 16, found '-1'",
              [&] { (void)read("1,1,3\n-1,1,3\n", pixels); });
  check_error(Code::E403, "found '16.5'", [&] { (void)read("1,16.5,3\n", pixels); });
}

TEST_CASE("tables that are no table of samples are refused") {
  check_error(Code::E401, "is empty", [] { (void)read(""); });
  check_error(Code::E401, "is empty", [] { (void)read("\n\n"); });
  check_error(Code::E401, "data.csv:2: row of another length\n  expected 3 cells, found 2",
              [] { (void)read("1,2,3\n1,2\n"); });
  check_error(Code::E402, "at least 2: a feature and the label", [] { (void)read("1\n2\n"); });
  check_error(Code::E402, "did you mean 'class'?",
              [] { (void)read("a,class\n1,2\n", {.label = "clas"}); });
  check_error(Code::E402, "no header in the first row",
              [] { (void)read("1,2\n", {.label = "class"}); });
  check_error(Code::E402, "a longer line 1", [] { (void)read(std::string(17u << 20, '1')); });
}

TEST_CASE("values are kept as bytes until one is none, and are the same either way") {
  const auto is_bytes = [](const CsvSamples& samples) {
    return std::holds_alternative<std::vector<std::uint8_t>>(samples.values);
  };
  const CsvSamples whole = read("0,255,0\n7,16.0,1\n");
  CHECK(is_bytes(whole));
  CHECK(values_of(whole) == Values{0, 255, 7, 16});
  for (const std::string cell : {"256", "-1", "0.5", "1e30"}) {
    const CsvSamples samples = read("3,255,0\n" + cell + ",4,1\n");
    CHECK_FALSE(is_bytes(samples));
    CHECK(values_of(samples) == Values{3, 255, std::stof(cell), 4});
  }
}

TEST_CASE("NaN, infinities and absent labels are refused with row and column") {
  for (const std::string cell : {"nan", "NaN", "inf", "-Infinity", "1e39", ""}) {
    CAPTURE(cell);
    check_error(Code::E403, "data.csv:2: column 2: wrong value\n  expected a finite number",
                [&] { (void)read("1,2,0\n1," + cell + ",1\n"); });
  }
  check_error(Code::E403, "data.csv:2: column 3: wrong label", [] { (void)read("1,2,0\n1,2,\n"); });
  check_error(Code::E403, "data.csv:1: column 3: wrong label",
              [] { (void)read("1,2,0.5\n1,2,0.25\n"); });
  check_error(Code::E402, "at least 2: a feature and the label", [] { (void)read("1\n2\n"); });
}

TEST_CASE("a wrong label says which column is taken for it, and how to name another") {
  check_error(Code::E403,
              "try: the last column is taken for the label; \"label\": \"first\", \"last\"",
              [] { (void)read("1,2,0.5\n"); });
  check_error(Code::E403, "try: the first column is taken for the label",
              [] { (void)read("0.5,2,1\n", {.label = "first"}); });
  check_error(Code::E403, "try: column 'b' is taken for the label",
              [] { (void)read("a,b\n1,0.5\n", {.label = "b"}); });
}
