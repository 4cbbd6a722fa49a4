#include "pipelines/run/chain_facts.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

// Of each stage: E if it fetches what may be elsewhere, A if that may have an answer, - for anything else.
std::string kinds_of(const std::string& spec) {
  const Plan plan = plan_of_spec(spec);
  const ChainFacts facts(plan.stages);
  std::string kinds;
  for (std::size_t at = 0; at < plan.stages.size(); ++at)
    kinds += !facts.fetches_elsewhere(at) ? '-' : facts.has_answers(at) ? 'A' : 'E';
  return kinds;
}

}  // namespace

TEST_CASE(
    "ChainFacts: a fetch may be elsewhere behind what changes or makes URLs since the source or a fetch") {
  CHECK(kinds_of("lines \"u\" | where (.url) | limit 3 | fetch | null") == "-----");
  CHECK(kinds_of("lines \"u\" | set meta.a=(1) header.x=(2) | exec \"wc\" | fetch | null") == "-----");
  CHECK(kinds_of("lines \"u\" | set url=(.meta.a) | dedupe | fetch | null") == "---E-");
  CHECK(kinds_of("lines \"u\" | each (.meta.a[]) | fetch | null") == "--E-");
  CHECK(kinds_of("lines \"u\" | exec as=records \"cat\" | fetch | null") == "--E-");
  CHECK(kinds_of("lines \"u\" | batch n=3 within=1s | fetch | null") == "--E-");
  CHECK(kinds_of("lines \"u\" | fetch | fetch | null") == "--A-");
  CHECK(kinds_of("lines \"u\" | fetch | each (.json[]) | fetch | fetch | null") == "---EA-");
  CHECK(kinds_of("lines \"u\" | fetch stream=lines | fetch | null") == "--E-");
  CHECK(kinds_of("lines \"u\" | paginate next=link | fetch | null") == "--A-");
  CHECK(kinds_of("lines \"u\" | fetch | crawl next={ each (.json[]) } | null") == "--A-");
}
