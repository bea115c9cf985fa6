// SPDX-License-Identifier: Apache-2.0
// Competing hidden units (Krotov and Hopfield 2019, doi:10.1073/pnas.1820458116). At most two units
// an observation change, so that everything but the input currents is about them alone.
#include <algorithm>
#include <cmath>
#include <deltaw/rule.hpp>
#include <string>
#include <vector>

// With the units ranked by I = (sign(W) |W|^(p-1)) v, g = 1 for the first and -delta for the k-th:
//   D = Σ g vᵀ - (Σ g I) W, a sum over the block;  ΔW = D / max |D|.
// Of equal currents the unit with the lower index ranks first.
template <class T>
class KrotovHopfield {
 public:
  static constexpr auto id = "krotov-hopfield";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::weights;

  explicit KrotovHopfield(const deltaw::Setup& setup)
      : p_(setup.number("p")),
        k_(checked_rank(setup)),
        delta_(static_cast<T>(setup.number("delta"))),
        current_(setup.outputs(), setup.max_columns()),
        ranked_(k_),
        slot_of_(setup.outputs()) {
    if (p_ != 2) powered_.set_size(setup.outputs(), setup.inputs());
    const arma::uword most = std::min(setup.outputs(), 2 * setup.max_columns());
    changed_.reserve(most);
    decay_.set_size(most);
    change_.set_size(setup.inputs(), most);
    chosen_.set_size(2, setup.max_columns());
  }

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> v = s.pre(), w = s.weights();
    arma::Mat<T> current = deltaw::first_columns(current_, s.columns());
    if (p_ == 2) {
      current = w * v;
    } else {
      raise(w);
      current = powered_ * v;
    }
    choose(current);
    add_up(v, current);
    const T largest = subtract_decay(w);
    const T scale = 1 / std::max(largest, T(1e-30));
    for (arma::uword j = 0; j < delta.n_cols; ++j) {
      T* to = delta.colptr(j);
      for (std::size_t i = 0; i < changed_.size(); ++i) to[changed_[i]] += scale * change_.at(j, i);
    }
  }

 private:
  static arma::uword checked_rank(const deltaw::Setup& setup) {
    const auto k = static_cast<arma::uword>(setup.integer("k"));
    if (k > setup.outputs()) {
      throw std::invalid_argument("k is " + std::to_string(k) + ", but '" +
                                  setup.connections()[0].name + "' leads to a layer of " +
                                  std::to_string(setup.outputs()) + " units");
    }
    return k;
  }

  // powered = sign(W) |W|^(p-1)
  void raise(const arma::Mat<T>& w) {
    if (p_ != std::floor(p_) || p_ > 16) {
      const T power = static_cast<T>(p_ - 1);
      for (arma::uword i = 0; i < w.n_elem; ++i) {
        powered_[i] = std::copysign(std::pow(std::abs(w[i]), power), w[i]);
      }
      return;
    }
    powered_ = w % arma::abs(w);
    for (int n = 3; n < static_cast<int>(p_); ++n) powered_ %= arma::abs(w);
  }

  // For each observation its first and its k-th unit, and the list of all that are one of them.
  void choose(const arma::Mat<T>& current) {
    std::fill(slot_of_.begin(), slot_of_.end(), 0);
    for (arma::uword c = 0; c < current.n_cols; ++c) {
      rank(current.colptr(c), current.n_rows);
      chosen_.at(0, c) = ranked_.front();
      chosen_.at(1, c) = ranked_.back();
      slot_of_[ranked_.front()] = slot_of_[ranked_.back()] = 1;
    }
    changed_.clear();
    for (arma::uword i = 0; i < current.n_rows; ++i) {
      if (slot_of_[i] == 0) continue;
      slot_of_[i] = changed_.size();
      changed_.push_back(i);
    }
  }

  // The k strongest, strongest first: an insertion into a list that few values reach.
  void rank(const T* current, arma::uword units) {
    const auto insert = [&](arma::uword i, std::size_t place) {
      for (; place > 0 && current[i] > current[ranked_[place - 1]]; --place) {
        ranked_[place] = ranked_[place - 1];
      }
      ranked_[place] = i;
    };
    for (arma::uword i = 0; i < k_; ++i) insert(i, i);
    T least = current[ranked_.back()];
    for (arma::uword i = k_; i < units; ++i) {
      if (!(current[i] > least)) continue;
      insert(i, k_ - 1);
      least = current[ranked_.back()];
    }
  }

  // change (inputs x changed) = Σ v gᵀ, decay = Σ g I.
  void add_up(const arma::Mat<T>& v, const arma::Mat<T>& current) {
    const arma::uword inputs = v.n_rows;
    std::fill_n(change_.memptr(), inputs * changed_.size(), T(0));
    decay_.zeros();
    const auto add = [&](arma::uword c, arma::uword unit, T g) {
      const arma::uword slot = slot_of_[unit];
      decay_[slot] += g * current.at(unit, c);
      const T* const from = v.colptr(c);
      T* const to = change_.colptr(slot);
      for (arma::uword j = 0; j < inputs; ++j) to[j] += g * from[j];
    };
    for (arma::uword c = 0; c < v.n_cols; ++c) {
      add(c, chosen_.at(0, c), 1);
      add(c, chosen_.at(1, c), -delta_);
    }
  }

  // change -= decay W; returns the largest |change|.
  T subtract_decay(const arma::Mat<T>& w) {
    T largest = 0;
    for (arma::uword j = 0; j < w.n_cols; ++j) {
      const T* const from = w.colptr(j);
      for (std::size_t i = 0; i < changed_.size(); ++i) {
        T& x = change_.at(j, i);
        x -= decay_[i] * from[changed_[i]];
        largest = std::max(largest, std::abs(x));
      }
    }
    return largest;
  }

  double p_;
  arma::uword k_;
  T delta_;
  arma::Mat<T> current_, powered_, change_;  // change: inputs x changed units
  arma::Col<T> decay_;
  arma::Mat<arma::uword> chosen_;     // 2 x K
  std::vector<arma::uword> ranked_;   // k
  std::vector<arma::uword> slot_of_;  // place in `changed_` of a unit that is in it
  std::vector<arma::uword> changed_;  // units, ascending
};

DELTAW_PLUGIN(KrotovHopfield)
