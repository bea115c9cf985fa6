// SPDX-License-Identifier: Apache-2.0
// What a wrong rule, or a wrong call of a rule, answers: a status and a text, never a crash.
#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

#include "rules.hpp"

using namespace deltaw::testing;

namespace {

// "status: message" of the first failure on 2 x 3 weights and 4 observations.
template <template <class> class Rule>
std::string failure(std::vector<Parameter> parameters = {}) {
  try {
    Probe<Rule, float> probe(std::move(parameters), 2, 3);
    probe.set(deltaw::pre, arma::fmat(3, 4, arma::fill::ones));
    probe.set(deltaw::weights, arma::fmat(2, 3, arma::fill::ones));
    probe.update();
  } catch (const Failure& f) {
    return std::to_string(f.status) + ": " + f.what();
  }
  return "no failure";
}
bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CHECK(text.find(part) != std::string::npos);
  return true;
}
std::string code(int status) { return std::to_string(status) + ": "; }

}  // namespace

TEST_CASE("a signal that is used but not declared is named") {
  const std::string text = failure<rules::UsesUndeclared>();
  has(text, code(DELTAW_E_INVALID_ARGUMENT));
  has(text, "signal 'potential' is used but not declared in `signals`");
}

TEST_CASE("delta can neither change its size nor leave the host's memory") {
  has(failure<rules::ChangesSize>(), code(DELTAW_E_INVALID_ARGUMENT));
  has(failure<rules::Mismatches>(), "2x3");
  Probe<rules::Detaches, double> probe({}, 2, 3);
  probe.set(deltaw::pre, arma::mat(3, 1)).set(deltaw::weights, arma::mat(2, 3, arma::fill::ones));
  CHECK(arma::all(arma::vectorise(probe.update() == 2)));
}

TEST_CASE("whatever a rule throws becomes a status with its text") {
  const auto thrown = [](const char* what) { return failure<rules::Throws>({{"what", what}}); };
  has(thrown("memory"), code(DELTAW_E_OUT_OF_MEMORY));
  has(thrown("numeric"), code(DELTAW_E_NUMERIC));
  has(thrown("numeric"), "diverged");
  has(thrown("unsupported"), code(DELTAW_E_UNSUPPORTED));
  has(thrown("runtime"), code(DELTAW_E_INTERNAL) + "update failed");
  has(thrown("runtime"), "broken");
  has(thrown("integer"), "no std::exception");
  CHECK(thrown("long").size() < 600);
  has(thrown("construction"), code(DELTAW_E_INVALID_ARGUMENT) + "prepare failed");
  CHECK(thrown("nothing") == "no failure");
}

TEST_CASE("a parameter with another name or type, and a refused service, are named") {
  const auto thrown = [](const char* what) { return failure<rules::Throws>({{"what", what}}); };
  has(thrown("type"), "gives parameter 'what' another type");
  has(thrown("name"), "declares no parameter 'rate'");
  has(thrown("network"), code(DELTAW_E_UNSUPPORTED));
  has(thrown("network"), "does not offer deltaw.network/1");
}

TEST_CASE("calls in the wrong order, of the wrong type or rule are refused") {
  const deltaw_plugin* plugin = deltaw::detail::Table<rules::Remembers>::table();
  deltaw_error error{};
  deltaw_rule rule{};
  CHECK(plugin->create(nullptr, "remember", nullptr, 0, &rule, &error) ==
        DELTAW_E_INVALID_ARGUMENT);
  has(error.message, "no rule 'remember'");
  REQUIRE(plugin->create(nullptr, "remembers", nullptr, 0, &rule, &error) == DELTAW_OK);
  arma::mat delta(2, 3, arma::fill::zeros);
  deltaw_matrix matrix = deltaw::matrix_of(delta);
  const deltaw_block block = {sizeof block, 0, 0, 0, 1, 0, nullptr, 0, 0, 0, 0, 1};
  CHECK(rule.update(rule.self, &block, &matrix, 1, &error) == DELTAW_E_STATE);
  has(error.message, "called before prepare()");
  const deltaw_connection_shape connection = {"c", 2, 3};
  deltaw_shape shape = {sizeof shape, DELTAW_U32, 1, 1, &connection};
  CHECK(rule.prepare(rule.self, &shape, &error) == DELTAW_E_UNSUPPORTED);
  has(error.message, "float32 and float64 only");
  rule.destroy(rule.self);

  const deltaw_plugin* oja = deltaw::detail::Table<rules::Detaches>::table();
  REQUIRE(oja->create(nullptr, "test", nullptr, 0, &rule, &error) == DELTAW_OK);
  shape.dtype = DELTAW_F32;
  REQUIRE(rule.prepare(rule.self, &shape, &error) == DELTAW_OK);
  CHECK(rule.update(rule.self, &block, &matrix, 1, &error) == DELTAW_E_INVALID_ARGUMENT);
  has(error.message, "another element type");
  matrix.dtype = DELTAW_F32;
  matrix.ld = 4;
  CHECK(rule.update(rule.self, &block, &matrix, 1, &error) == DELTAW_E_INVALID_ARGUMENT);
  has(error.message, "strided");
  rule.destroy(rule.self);
}

TEST_CASE("the table says what the class declares, and nothing past its end") {
  const deltaw_plugin* plugin = deltaw::detail::Table<rules::Remembers, rules::Detaches>::table();
  CHECK(plugin->abi_major == DELTAW_ABI_MAJOR);
  CHECK(plugin->n_rules == 2);
  const deltaw_rule_info* info = plugin->rule_info(0);
  CHECK(std::string(info->id) == "remembers");
  CHECK(info->signals == DELTAW_SIGNAL_BIT(DELTAW_PRE));
  CHECK(info->scope == DELTAW_SCOPE_LOCAL);
  CHECK(info->grain == DELTAW_GRAIN_BATCH);
  CHECK(std::string(plugin->rule_info(1)->id) == "test");
  CHECK(plugin->rule_info(2) == nullptr);
}
