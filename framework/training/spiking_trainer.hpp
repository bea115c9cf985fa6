// SPDX-License-Identifier: Apache-2.0
// The training loop of spiking networks: show a sample, let each rule change weights spike by
// spike, rest, and count what the read layer answered. One thread a trainer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "spiking/network.hpp"
#include "spiking/sources.hpp"
#include "task/split.hpp"
#include "training/spec.hpp"
#include "training/spike_recording.hpp"
#include "training/spiking_alignment.hpp"
#include "training/spiking_driver.hpp"
#include "training/spiking_work.hpp"
#include "training/trial_reward.hpp"

namespace deltaw {

// How the read layer answered a sample.
template <class T>
struct Answer {
  std::size_t sample = 0;         // of the training part
  std::size_t spikes = 0;         // in the last presentation
  std::size_t presentations = 0;  // repeats among them
  const arma::Col<T>& counts;     // spikes of each unit in the last presentation
};
template <class T>
using OnAnswer = std::function<void(const Answer<T>&)>;
// Told of samples counted: how many, of how many.
using OnCounted = std::function<void(std::size_t, std::size_t)>;

template <class T>
class SpikingTrainer {
 public:
  // `data` must outlive the trainer. Errors: E205 when the input does not fit the data, E503 a
  // reward that no rule asks for, or a read layer that cannot be shared out among the classes;
  // those of SpikingNetwork, TrialReward and SpikingDriver.
  //
  // Where there is a reward, class_answer() of the read layer while a sample is shown is its
  // answer, with an error of 0 where that is the sample's class, else 1. The reward is offset minus
  // the error, and minus what to expect where there is a mean of it; a kind of trials is a class.
  // Where it is shuffled, the class is that of another sample, each of which has its turn.
  // Rules get it with the update that closes the last presentation of the sample.
  SpikingTrainer(const SpikingSpec& network, const TrainingSpec& training,
                 const std::vector<DriveSpec>& drives, const Split<T>& data, std::uint64_t seed);
  SpikingTrainer(const SpikingTrainer&) = delete;
  SpikingTrainer& operator=(const SpikingTrainer&) = delete;

  // Whose threads the network shares from now on, to the same bits; their CPU time is counted. It
  // must outlive the trainer.
  void share(Team& team);

  // What is left of one pass over the training part in this epoch's order. False when stopped
  // between two samples: the epoch then counts as not done, and the next call goes on with it.
  // Errors: E304 weights no longer finite, E307 the read layer
  // answers nothing, E308 saturation; E30x from rules.
  bool train_epoch(const std::stop_token& stop, const OnAnswer<T>& on_answer);

  // From now on rules watch, whose time is not counted; a row of the curve comes every
  // `evaluate_every` samples. The bits of the training do not depend on it. Before load(), and with
  // the same plan. Errors: those of SpikingDriver.
  void watch(AlignmentPlan plan);
  // What was seen since the last call, `epoch` in epochs.
  [[nodiscard]] std::vector<AlignmentRow> take_alignment();

  // Spikes of the read layer, units x samples, while nothing learns: thresholds are held, and rates
  // raised and samples repeated as in training. Leaves network and rules as they were. Empty when
  // stopped. `purpose` keys the input's draws.
  [[nodiscard]] std::optional<arma::Mat<T>> count(const Partition<T>& part,
                                                  std::string_view purpose,
                                                  const std::stop_token& stop,
                                                  const OnCounted& on_counted);

  // One presentation of a sample, while nothing learns; leaves network and rules as they were.
  [[nodiscard]] SpikeRecording record(const Partition<T>& part, std::size_t sample);

  [[nodiscard]] std::size_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t updates() const;
  [[nodiscard]] double seconds() const { return seconds_; }
  [[nodiscard]] const SpikingNetwork<T>& network() const { return network_; }
  [[nodiscard]] std::size_t read_layer() const { return read_; }
  [[nodiscard]] const Work& work() const { return work_->work(); }
  [[nodiscard]] std::size_t state_bytes() const;  // what rules keep beside the weights
  [[nodiscard]] std::vector<Monitored> monitored() const;
  // Whether the read layer's units are assigned to classes.
  [[nodiscard]] bool has_rewards() const { return reward_.has_value(); }

  // Everything that a resumed run needs to go on with the same bits. Between samples.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  // Shows one sample until it is answered, with draws of these numbers on; counts_ has the answer.
  // Learns where it is told the class to judge it by.
  Answer<T> show(SpikingNetwork<T>& network, const T* values, std::string_view purpose,
                 std::uint64_t number, std::optional<std::uint32_t> label);
  // What rules are told of the answer in counts_; takes it into what is expected.
  [[nodiscard]] std::optional<T> reward_for(std::uint32_t label);
  // Draws what goes in; the steps that a sample is shown.
  std::size_t encode(const T* values, double gain, std::string_view purpose, std::uint64_t number);
  void present(SpikingNetwork<T>& network, const T* values, double gain, std::string_view purpose,
               std::uint64_t number, bool is_learning);
  [[nodiscard]] double cpu_seconds() const;
  void learn();
  void settle(std::optional<T> reward);
  void check_answer(const Answer<T>& answer);
  void check_weights() const;

  SpikingSpec spec_;
  TrainingSpec training_;
  const Split<T>& data_;
  std::uint64_t seed_;
  SpikingNetwork<T> network_;
  Sources<T> sources_;
  std::vector<DriveSpec> drives_;
  std::vector<std::unique_ptr<SpikingDriver<T>>> drivers_;
  std::optional<SpikingWork<T>> work_;
  std::optional<SpikingAlignment<T>> alignment_;
  Team* team_ = nullptr;
  bool is_watched_ = false;  // the sample that is shown
  std::optional<TrialReward<T>> reward_;
  std::size_t read_;
  arma::Col<T> counts_;  // of each unit of the read layer, in the last presentation
  std::vector<std::size_t> order_, judged_;             // samples of this epoch, and by whose class
  std::uint64_t presentations_ = 0;                     // numbers the input's draws
  std::size_t epoch_ = 0, shown_ = 0, unanswered_ = 0;  // shown: samples of this epoch
  double seconds_ = 0, watching_ = 0;                   // CPU time; the latter of this sample
};

extern template class SpikingTrainer<float>;
extern template class SpikingTrainer<double>;

}  // namespace deltaw
