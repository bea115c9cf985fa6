// SPDX-License-Identifier: Apache-2.0
// A task as the experiment describes it (data set, split, preprocessing; or trials; or a protocol):
// plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "task/protocol_spec.hpp"
#include "task/trial_task_spec.hpp"

namespace deltaw {

// File names are relative to a data folder (task/find_data.hpp); ".gz" and ".xz" may be left out.
struct DataSpec {
  // "digits" (shipped), "mnist", "fashion-mnist", "cifar-10" (their files in DATA/<type>/), "idx",
  // "cifar" or "csv".
  std::string type = "digits";
  std::string name = {};  // for reports; default: the type

  // idx: uint8 images [n, rows, columns] and labels [n]; the test pair is optional.
  std::string images = {}, labels = {}, test_images = {}, test_labels = {};

  // cifar: CIFAR-10's binary format, any number of images a file; the test files are optional.
  std::vector<std::string> files = {}, test_files = {};

  // csv: one sample a row, cells separated by comma, semicolon or tab; the test file is optional.
  std::string file = {}, test_file = {};
  std::string label = "last";   // "last", "first", or the name of the label's column
  std::string header = "auto";  // "yes", "no", or "auto": yes when no cell of row 1 is a number

  std::size_t classes = 0;            // 0: as many as the labels show, without gaps
  double maximum = 0;                 // csv: every feature lies in 0 .. maximum; 0: any number
  std::size_t width = 0, height = 0;  // csv: features are an image, row by row; 0: are not
};

// Shares of all samples. Where the data have a test part of their own, that is the test part, and
// train : validation divide the rest in their proportion; `test` is not looked at.
struct SplitSpec {
  double train = 0.7, validation = 0, test = 0.3;
  bool stratified = true;                       // every class in these proportions
  std::size_t limit_train = 0, limit_test = 0;  // at most so many samples; 0: all
  std::optional<std::uint64_t> seed = {};  // all runs have its split; else each that of its own
};

// A data set that is learnt in contexts, one after another, by a network that is told nothing of it
// but which outputs answer. The three scenarios are those of van de Ven & Tolias 2019
// (arXiv:1904.07734).
struct SequenceSpec {
  std::string type = "split";  // each context some of the classes; or "permuted" features
  std::size_t contexts = 5;
  // "task": each context has outputs of its own, and only they answer for it, in training and test;
  // "domain": the same outputs answer in all contexts; "class": each class of each context has its
  // output, and all answer.
  std::string scenario = "class";
  // "split": whether the classes are dealt to the contexts in an order drawn by the seed, or in
  // their own.
  bool is_order_drawn = false;
  std::size_t updates = 0;        // of weights in each context; 0: as many as its epochs have
  bool resets_optimizer = false;  // whether moments are forgotten where a context begins
  bool has_joint = false;         // whether joint training is measured too, for intransigence
  double matched_accuracy = 0;    // learning accuracy at which forgetting is compared; 0: nowhere
};

struct TaskSpec {
  // Where one of these is given, of the rest only data.name counts.
  std::optional<TrialTaskSpec> trials = {};
  std::optional<ProtocolSpec> protocol = {};
  DataSpec data = {};
  SplitSpec split = {};
  // "unit" (divided by the maximum: 16 for digits, 255 for idx and
  // cifar, else the training part's largest),
  // "raw", "center" (minus the training part's mean of each feature), "standardise" (center, then
  // divided by the training part's deviation of each feature; constant features become 0),
  // "standardise-all" (by one mean and one deviation of all features together, as for images).
  std::string scale = "unit";
  // "one-hot", or "signed": 1 for the class and -1 for the others.
  std::string targets = "one-hot";
  // Whether the first features, one a class, are given up for the label: 1 / classes each, that is
  // no label, but where a rule is shown right and wrong ones.
  bool has_label_inputs = false;
  std::optional<SequenceSpec> sequence = {};
};

}  // namespace deltaw
