// The delta rule, ΔW = <e xᵀ> - decay W, the mean over observations (Widrow and Hoff 1960).
#include <deltaw/rule.hpp>

template <class T>
class MyRule {
 public:
  static constexpr auto id = "org.example.my-rule";
  static constexpr auto version = "0.1.0";
  static constexpr auto signals = deltaw::pre | deltaw::error | deltaw::weights;

  explicit MyRule(const deltaw::Setup& setup) : decay_(static_cast<T>(setup.number("decay"))) {}

  // Replace this equation: delta (outputs x inputs) gets the proposed change added.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.pre(), e = s.error(), w = s.weights();
    delta += e * x.t() / static_cast<T>(s.columns()) - decay_ * w;
  }

 private:
  T decay_;
};

DELTAW_PLUGIN(MyRule)
