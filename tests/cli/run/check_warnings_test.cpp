#include "cli/run/check_warnings.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipelines/spec/load.hpp"
#include "pipelines/stages/stage_table.hpp"

using namespace leat;

namespace {

std::string warnings(const std::string& spec) {
  const auto loaded = pipelines::load_spec(spec, pipelines::stage_signatures(), pipelines::SpecOptions());
  REQUIRE_MESSAGE(loaded.ok(), pipelines::render(loaded.faults));
  return cli::check_warnings(*loaded.pipeline, *loaded.sources);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("check warnings: a field that no record has is named, with its place and the nearest one") {
  CHECK(warnings("lines | where (.staus == 200)") ==
        "spec:1:16: warning: no record has a field \".staus\"; did you mean \".status\"?\n"
        "lines | where (.staus == 200)\n"
        "               ^\n");
  for (const char* spec :
       {"lines | each (select(.statsu == 1) | .json)", "lines | set meta.a=(if .ulr then 1 else 2 end)",
        "lines | count by=([.metta.x, 1])", "lines | each ({url, a: .jsn.b})",
        "lines | dedupe by=(.titel // 1)", "lines | tee { where (.staus == 1) | null } | null"}) {
    CAPTURE(spec);
    CHECK(holds(warnings(spec), "no record has a field"));
  }
  CHECK(holds(warnings("lines | where (.title == \"x\")"), "below .meta"));
}

TEST_CASE("check warnings: nothing is said where the input may be something else") {
  for (const char* spec : {"lines | each (.json.items[] | .staus)", "lines | each (.json | map(.staus))",
                           "lines | each (.meta.staus)", "lines | each (.json.items[].staus)",
                           "lines | each (.meta as $m | $m.staus)", "lines | each (.json[0].staus)",
                           "lines | each (def f: .staus; .json | f)", "lines | each (.meta | {a: .staus})",
                           "lines | where (.status == 200)", "lines | each (.json.a?.staus)",
                           "lines | each (\"\\(.json).staus\")", "lines | each (.headers[\"x\"].staus)",
                           "lines | set meta.x=(.body | test(\"=\"))", "lines | fetch | save \"{name}\""}) {
    CAPTURE(spec);
    CHECK(warnings(spec).empty());
  }
}

TEST_CASE("check warnings: = in where, and save without a name") {
  CHECK(holds(warnings("lines | where (.status = 200)"), "spec:1:24: warning: \"=\" sets a field"));
  CHECK(holds(warnings("let p = (.status = 200); lines | where $p"), "sets a field"));
  CHECK(warnings("lines | where (.status >= 200 and .status != 404)").empty());
  CHECK(holds(warnings("lines | fetch | save"), "\"save\" without a name"));
}
