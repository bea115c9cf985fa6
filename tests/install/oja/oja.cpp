// Oja's rule, ΔW = <y xᵀ> - decay diag<y²> W, mean over observations. doi:10.1007/BF00275687
#include <deltaw/rule.hpp>

template <class T>
class Oja {
 public:
  static constexpr auto id = "org.example.oja";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::weights;

  explicit Oja(const deltaw::Setup& setup) : decay_(static_cast<T>(setup.number("decay"))) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.pre(), y = s.post(), w = s.weights();
    const arma::Col<T> power = arma::sum(arma::square(y), 1);
    delta += (y * x.t() - decay_ * arma::diagmat(power) * w) / static_cast<T>(s.columns());
  }

 private:
  T decay_;
};

DELTAW_PLUGIN(Oja)
