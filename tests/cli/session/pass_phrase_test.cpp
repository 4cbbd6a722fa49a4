#include "cli/session/pass_phrase.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "pipelines/stages/flow/tee.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "tests/cli/fake_system.hpp"
#include "tests/support/certificates.hpp"

using namespace leat;
using namespace leat::cli;
using leat::tests::Certificates;
using pipelines::FetchArgs;
using pipelines::Plan;

namespace {

const Certificates& files() {
  static const Certificates made;
  return made;
}

pipelines::PlannedStage fetch_with(const std::string& key) {
  FetchArgs fetch;
  fetch.client.wire.cert = files().certificate();
  fetch.client.wire.key = key;
  return pipelines::PlannedStage(std::move(fetch));
}

const std::string& phrase_of(const pipelines::PlannedStage& stage) {
  return stage.args.get_if<FetchArgs>()->client.wire.key_password;
}

}  // namespace

TEST_CASE("ask_pass_phrases: a locked key is asked about once, whatever uses it, also in blocks") {
  Plan inner;
  inner.stages.push_back(fetch_with(files().locked_key()));
  Plan plan;
  plan.stages.push_back(fetch_with(files().locked_key()));
  plan.stages.push_back(fetch_with(files().key()));
  plan.stages[0].on_error = std::make_shared<const Plan>(inner);
  FakeSystem system;
  system.password = "open sesame";
  ask_pass_phrases(plan, system);
  CHECK(system.asked.find(files().locked_key()) != std::string::npos);
  CHECK(system.times_asked == 1);
  CHECK(phrase_of(plan.stages[0]) == "open sesame");
  CHECK(phrase_of(plan.stages[1]) == "");
  CHECK(phrase_of(plan.stages[0].on_error->stages[0]) == "open sesame");
}

TEST_CASE("ask_pass_phrases: without a terminal nothing changes, and without a locked key nothing is asked") {
  FakeSystem system;
  Plan plan;
  plan.stages.push_back(fetch_with(files().locked_key()));
  ask_pass_phrases(plan, system);
  CHECK(phrase_of(plan.stages[0]) == "");
  CHECK(system.times_asked == 1);
  Plan open;
  open.stages.push_back(fetch_with(files().key()));
  ask_pass_phrases(open, system);
  CHECK(system.times_asked == 1);
}
