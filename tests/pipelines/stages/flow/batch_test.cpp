#include "pipelines/stages/flow/batch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::vector<int> sizes(const Ran& ran) {
  std::vector<int> sizes;
  for (const auto& line : ran.lines) sizes.push_back(line["meta"]["size"].GetInt());
  return sizes;
}

}  // namespace

TEST_CASE("Batch: n records make one, in their order, and the last batch may be smaller") {
  const Ran ran = run_spec("expand $O/[1-7] | batch n=3");
  CHECK(sizes(ran) == std::vector{3, 3, 1});
  CHECK(ran.lines[1]["meta"]["batch"][0]["id"].GetInt() == 4);
  CHECK(ran.lines[1]["meta"]["batch"][2]["id"].GetInt() == 6);
  CHECK(ran.stats.records_in == 10);
  CHECK(ran.count(Outcome::ok) == 10);
}

TEST_CASE("Batch: a batch does not wait longer than within= for the next record") {
  const Ran ran = run_spec("urls $O/ok/a $O/ok/b $O/delay/500/c | fetch n=3 | batch n=9 within=100ms");
  CHECK(sizes(ran) == std::vector{2, 1});
}

TEST_CASE("Batch: a failed record goes on by itself, past the batch") {
  const Ran ran =
      run_spec("urls $O/1 gopher://a.org/ $O/2 | batch n=2 | write json fields=outcome,meta.size");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].text("outcome") == "failed");
  CHECK(ran.lines[1]["meta.size"].GetInt() == 2);
}

TEST_CASE("Batch: no records give no batch, and each takes a batch apart again") {
  CHECK(run_spec("urls $O/1 | skip 1 | batch n=2").lines.empty());
  const Ran ran =
      run_spec("expand $O/[1-5] | batch n=2 | each (.meta.batch[] | {url}) | write json fields=url");
  CHECK(ran.lines.size() == 5);
}
