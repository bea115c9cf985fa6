// SPDX-License-Identifier: Apache-2.0
// Instances of plugins that exist only here: tables whose functions do what a test asks for.
#include "rule/instance.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <functional>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/state.hpp"
#include "error_of.hpp"

using namespace deltaw;

namespace {

// What the next instance does; the table's functions have no other place to learn it from.
struct Behaviour {
  std::function<deltaw_status(deltaw_error*)> create, update;
  std::function<void(deltaw_rule&)> change = [](deltaw_rule&) {};
  const deltaw_host* host = nullptr;
  int destroyed = 0;
};
Behaviour behaviour;

deltaw_status prepare(void*, const deltaw_shape*, deltaw_error*) { return DELTAW_OK; }
deltaw_status update(void*, const deltaw_block*, const deltaw_matrix*, std::uint64_t,
                     deltaw_error* error) {
  return behaviour.update ? behaviour.update(error) : DELTAW_OK;
}
void reset(void*) {}
void destroy(void*) { ++behaviour.destroyed; }

deltaw_status create(const deltaw_host* host, const char*, const deltaw_param*, std::uint64_t,
                     deltaw_rule* out, deltaw_error* error) {
  behaviour.host = host;
  *out = {sizeof *out, 0, nullptr, prepare, nullptr, update, reset, nullptr, destroy};
  behaviour.change(*out);
  return behaviour.create ? behaviour.create(error) : DELTAW_OK;
}

const deltaw_plugin plugin = {sizeof plugin,
                              DELTAW_ABI_MAJOR,
                              0,
                              1,
                              [](std::uint32_t) -> const deltaw_rule_info* { return nullptr; },
                              create};

RuleSpec spec_of(Scope scope = Scope::local) {
  RuleSpec rule;
  rule.id = "r";
  rule.version = "1.0.0";
  rule.scope = scope;
  rule.capabilities = DELTAW_CAP_F32;
  return rule;
}
const RuleSpec local = spec_of();

RuleInstance make(Behaviour wanted, const RuleSpec& rule = local, std::uint64_t seed = 1) {
  behaviour = std::move(wanted);
  return RuleInstance({&plugin, &rule, {}, seed, "key", nullptr});
}

Error error_of_create(Behaviour wanted) {
  return error_of([&] { make(std::move(wanted)); });
}

Error error_of_update(Behaviour wanted) {
  RuleInstance instance = make(std::move(wanted));
  instance.prepare(DELTAW_F32, 4, {{"c", 1, 1}});
  deltaw_block block{};
  block.struct_size = sizeof block;
  block.index = 1042;
  return error_of([&] { instance.update(block, {}); });
}

deltaw_status say(deltaw_error* error, deltaw_status status, const char* text) {
  std::strncpy(error->message, text, sizeof error->message - 1);
  return status;
}

}  // namespace

TEST_CASE("a function that create() leaves out is E134, and what it made is destroyed") {
  const auto without = [](const std::function<void(deltaw_rule&)>& change) {
    Behaviour wanted;
    wanted.change = change;
    return error_of_create(wanted).text();
  };
  const std::string text = without([](deltaw_rule& r) { r.prepare = nullptr; });
  CHECK(text.find("error[E134] r: create left out prepare\n") == 0);
  CHECK(behaviour.destroyed == 1);
  CHECK(without([](deltaw_rule& r) { r.update = nullptr; }).find("left out update\n") != text.npos);
  CHECK(without([](deltaw_rule& r) { r.reset = nullptr; }).find("left out reset\n") != text.npos);
  CHECK(without([](deltaw_rule& r) { r.destroy = nullptr; }).find("out destroy\n") != text.npos);
  CHECK(behaviour.destroyed == 0);
  CHECK(without([](deltaw_rule& r) { r.struct_size = 8; }).find("out the size") != text.npos);
}

TEST_CASE("a rule without observe() and extensions is complete") {
  RuleInstance instance = make({});
  instance.observe({});
  StateWriter writer;
  instance.save(writer);
  StateReader reader(writer.bytes());
  CHECK_NOTHROW(instance.load(reader));
}

TEST_CASE("what a rule reports is E301 with rule, call and update; a silent one is E302") {
  Behaviour wanted;
  wanted.update = [](deltaw_error* e) { return say(e, DELTAW_E_NUMERIC, "diverged"); };
  CHECK(error_of_update(wanted).text() == "error[E301] r: update of update 1042: diverged");
  wanted.update = [](deltaw_error*) { return DELTAW_E_NUMERIC; };
  const Error silent = error_of_update(wanted);
  CHECK(silent.code() == Code::E302);
  CHECK(silent.headline().find("status 4 (numeric) and gave no message") != std::string::npos);
  for (const deltaw_status status : {-1, 7, 99}) {
    wanted.update = [status](deltaw_error*) { return status; };
    CHECK(error_of_update(wanted).code() == Code::E303);
  }
}

TEST_CASE("a failure of create() belongs to no update") {
  Behaviour wanted;
  wanted.create = [](deltaw_error* e) { return say(e, DELTAW_E_NUMERIC, "odd scale"); };
  CHECK(error_of_create(wanted).text() == "error[E301] r: create: odd scale");
  CHECK(behaviour.destroyed == 0);
}

TEST_CASE("what a rule refuses before any update is wrong input, and no failure at run time") {
  Behaviour wanted;
  wanted.create = [](deltaw_error* e) { return say(e, DELTAW_E_INVALID_ARGUMENT, "odd scale"); };
  const Error refused = error_of_create(wanted);
  CHECK(refused.text() == "error[E202] rule 'r' refuses: odd scale");
  CHECK(info(refused.code()).exit_status == 2);

  wanted = {};
  wanted.change = [](deltaw_rule& rule) {
    rule.prepare = [](void*, const deltaw_shape*, deltaw_error* e) {
      return say(e, DELTAW_E_INVALID_ARGUMENT, "k is 65");
    };
  };
  RuleInstance instance = make(wanted);
  const Error too_small = error_of([&] { instance.prepare(DELTAW_F32, 4, {{"c", 1, 1}}); });
  CHECK(too_small.text() == "error[E202] rule 'r' refuses: k is 65");

  wanted = {};
  wanted.update = [](deltaw_error* e) { return say(e, DELTAW_E_INVALID_ARGUMENT, "late"); };
  CHECK(error_of_update(wanted).code() == Code::E301);
}

TEST_CASE("an exception that leaves a rule written without the SDK is E301 with its text") {
  Behaviour wanted;
  wanted.update = [](deltaw_error*) -> deltaw_status { throw std::runtime_error("broken"); };
  CHECK(error_of_update(wanted).text() ==
        "error[E301] r: update of update 1042: threw through the ABI: broken");
  wanted.update = [](deltaw_error*) -> deltaw_status { throw std::string(900, 'x'); };
  CHECK(error_of_update(wanted).headline().ends_with("threw through the ABI"));
  wanted.update = [](deltaw_error*) -> deltaw_status {
    throw std::runtime_error(std::string(900, 'x'));
  };
  CHECK(error_of_update(wanted).code() == Code::E301);
  wanted = {};
  wanted.create = [](deltaw_error*) -> deltaw_status { throw 7; };
  CHECK(error_of_create(wanted).text() == "error[E301] r: create: threw through the ABI");
}

TEST_CASE("a precision that the rule lacks is E203 with the one it has") {
  RuleInstance instance = make({});
  const Error error = error_of([&] { instance.prepare(DELTAW_F64, 4, {{"c", 1, 1}}); });
  CHECK(error.code() == Code::E203);
  CHECK(error.detail().hint == "\"precision\": \"float32\"");
}

TEST_CASE("the network's service is granted to network scope only, and no id is no crash") {
  const deltaw_network service{};
  const RuleSpec global = spec_of(Scope::network);
  for (const bool is_global : {false, true}) {
    behaviour = {};
    const RuleInstance instance({&plugin, is_global ? &global : &local, {}, 1, "k", &service});
    const auto ask = [](const char* id) {
      return behaviour.host->get_extension(behaviour.host->ctx, id);
    };
    CHECK((ask("deltaw.network/1") == &service) == is_global);
    CHECK((ask("deltaw.network/1") == nullptr) != is_global);
    CHECK(ask("deltaw.random/1") != nullptr);
    CHECK(ask("deltaw.random/2") == nullptr);
    CHECK(ask(nullptr) == nullptr);
  }
}

TEST_CASE("draws depend on seed, stream and counter, and uniform ones are inside (0, 1)") {
  using Floats = std::array<float, 4096>;
  const auto draw = [](std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
    const RuleInstance instance = make({}, local, seed);
    const auto* random = static_cast<const deltaw_random*>(
        behaviour.host->get_extension(behaviour.host->ctx, "deltaw.random/1"));
    Floats numbers{};
    const deltaw_matrix out = {numbers.data(), 64, 64, 64, DELTAW_F32, 0};
    REQUIRE(random->uniform(random->ctx, stream, counter, &out) == DELTAW_OK);
    deltaw_matrix wrong = out;
    wrong.dtype = DELTAW_U32;
    CHECK(random->normal(random->ctx, 0, 0, &wrong) == DELTAW_E_UNSUPPORTED);
    CHECK(random->normal(random->ctx, 0, 0, nullptr) == DELTAW_E_INVALID_ARGUMENT);
    return numbers;
  };
  const Floats first = draw(1, 2, 3);
  CHECK(first == draw(1, 2, 3));
  CHECK(first != draw(2, 2, 3));
  CHECK(first != draw(1, 3, 3));
  CHECK(first != draw(1, 2, 4));
  double mean = 0;
  for (const float x : first) mean += x / 4096.0;
  CHECK(mean == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("a uniform float is never 1, where rounding would make it so") {
  // Found by search: the first draw that, as a float, is 1.
  Random numbers(1, "rule/key/0", 0);
  std::uint64_t index = 0;
  while (static_cast<float>(numbers.uniform()) < 1.0f) ++index;
  const RuleInstance instance = make({});
  const auto* random = static_cast<const deltaw_random*>(
      behaviour.host->get_extension(behaviour.host->ctx, "deltaw.random/1"));
  std::vector<float> drawn(index + 1);
  const deltaw_matrix out = {drawn.data(), drawn.size(), 1, drawn.size(), DELTAW_F32, 0};
  REQUIRE(random->uniform(random->ctx, 0, 0, &out) == DELTAW_OK);
  CHECK(drawn.back() < 1.0f);
  CHECK(drawn.back() > 0.9999999f);
}

namespace {

// What the next instance shows: one matrix.
const char* shown_name = "theta";
deltaw_matrix shown_matrix{};

void show_it(deltaw_rule& rule) {
  rule.get_extension = [](void*, const char* id) -> const void* {
    static const deltaw_monitor monitor = {
        sizeof monitor, 0, [](void*) -> std::uint32_t { return 1; },
        [](void*, std::uint32_t, const char** name, deltaw_matrix* out, deltaw_error* error) {
          *name = shown_name;
          *out = shown_matrix;
          return shown_matrix.rows == 0 ? say(error, DELTAW_E_NUMERIC, "lost") : DELTAW_OK;
        }};
    return std::strcmp(id, "deltaw.monitor/1") == 0 ? &monitor : nullptr;
  };
}

}  // namespace

TEST_CASE("what a rule shows is copied as doubles, whatever its element type and stride") {
  std::array<float, 6> singles = {1, 2, -1, 3, 4, -1};  // 2 x 2 in columns of three
  std::array<double, 2> doubles = {0.5, 7};
  std::array<std::uint32_t, 2> counts = {3, 4000000000};
  Behaviour wanted;
  wanted.change = show_it;
  const RuleInstance instance = make(std::move(wanted));
  shown_matrix = {singles.data(), 2, 2, 3, DELTAW_F32, DELTAW_READONLY};
  const std::vector<Monitored> shown = instance.monitored();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].name == "theta");
  CHECK(arma::approx_equal(shown[0].values, arma::mat{{1, 3}, {2, 4}}, "absdiff", 0.0));
  shown_matrix = {doubles.data(), 1, 2, 1, DELTAW_F64, DELTAW_READONLY};
  CHECK(arma::approx_equal(instance.monitored()[0].values, arma::mat{{0.5, 7}}, "absdiff", 0.0));
  shown_matrix = {counts.data(), 2, 1, 2, DELTAW_U32, DELTAW_READONLY};
  CHECK(instance.monitored()[0].values[1] == 4e9);
}

TEST_CASE(
    "a rule that fails to show, or shows what is no matrix, is named; without, all is empty") {
  CHECK(make({}).monitored().empty());
  Behaviour wanted;
  wanted.change = show_it;
  const RuleInstance instance = make(std::move(wanted));
  const auto code = [&] { return error_of([&] { (void)instance.monitored(); }).code(); };
  shown_matrix = {};
  CHECK(error_of([&] { (void)instance.monitored(); }).text() == "error[E301] r: monitor: lost");
  double value = 1;
  for (const deltaw_matrix& bad :
       {deltaw_matrix{&value, 1, 1, 1, 99, 0}, deltaw_matrix{nullptr, 1, 1, 1, DELTAW_F64, 0},
        deltaw_matrix{&value, 1, 1, 0, DELTAW_F64, 0}}) {
    shown_matrix = bad;
    CHECK(code() == Code::E134);
  }
  shown_matrix = {&value, 1, 1, 1, DELTAW_F64, 0};
  shown_name = nullptr;
  CHECK(code() == Code::E134);
  shown_name = "theta";
  CHECK(instance.monitored()[0].values[0] == 1);
}
