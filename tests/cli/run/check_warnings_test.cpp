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
  for (const char* spec :
       {"lines | fetch | each (.json.items[] | .staus)", "lines | fetch | each (.json | map(.staus))",
        "lines | fetch | each (.meta.staus)", "lines | fetch | each (.json.items[].staus)",
        "lines | fetch | each (.meta as $m | $m.staus)", "lines | fetch | each (.json[0].staus)",
        "lines | fetch | each (def f: .staus; .json | f)", "lines | fetch | each (.meta | {a: .staus})",
        "lines | fetch | where (.status == 200)", "lines | fetch | each (.json.a?.staus)",
        "lines | fetch | each (\"\\(.json).staus\")", "lines | fetch | each (.headers[\"x\"].staus)",
        "lines | fetch | set meta.x=(.body | test(\"=\"))", "lines | fetch | save \"{name}\""}) {
    CAPTURE(spec);
    CHECK(warnings(spec).empty());
  }
}

TEST_CASE(
    "check warnings: a field of an answer where nothing has fetched, and a file's name where nothing has "
    "saved") {
  CHECK(warnings("lines | where (.status == 200) | fetch") ==
        "spec:1:16: warning: no record has \".status\" here: nothing before this fetches\n"
        "lines | where (.status == 200) | fetch\n"
        "               ^\n");
  CHECK(holds(warnings("lines | fetch | each (.json[]) | write \"{url} {status}\""),
              "spec:1:48: warning: no record has \".status\" here: \"each\" made these records"));
  CHECK(holds(warnings("lines | fetch stream=lines | where (.body)"), "\"fetch\" made these records"));
  CHECK(holds(warnings("lines | fetch | exec cat as=records | write csv fields=url,code=status"),
              "\".status\" here"));
  CHECK(holds(warnings("lines | fetch | write \"{filename}\""), "nothing before this saves"));
  CHECK(holds(warnings("lines | tee { write \"{json.a}\" } | fetch"), "nothing before this fetches"));
  for (const char* spec :
       {"lines | fetch | where (.status == 200) | save \"{name}\" | write \"{filename} {status}\"",
        "lines | fetch until=(.json.done) on-error={ write \"{status}\" }",
        "lines | fetch stream=lines on-error={ write \"{status}\" } | null",
        "lines | fetch | exec cat as=records on-error={ write \"{status}\" } | null",
        "lines | paginate next=(.json.next) | each (.json.items[]) | fetch | write \"{content_type}\"",
        "lines | crawl next={ extract css=\"a\" attr=href as=meta.l | where (.status == 200) | each "
        "(.meta.l[]) }",
        "lines | fetch | batch n=2 | where (.meta.batch[0].status == 200)",
        "lines | fetch | write csv fields=url,meta.*"}) {
    CAPTURE(spec);
    CHECK(warnings(spec).empty());
  }
}

TEST_CASE("check warnings: a template's place below meta that nothing fills, where it is known what does") {
  CHECK(holds(warnings("urls http://h/ | fetch | extract css=\"a\" as=meta.links | write \"{meta.link}\""),
              "no record has \".meta.link\" here; did you mean \".meta.links\"?"));
  CHECK(holds(warnings("urls http://h/ | fetch | write tsv fields=meta.title"),
              "nothing before this puts it there"));
  for (const char* spec :
       {"lines | fetch | write \"{meta.x}\"", "urls http://h/ | fetch | each (.json[]) | write \"{meta.x}\"",
        "urls http://h/ | set meta.a.b=1 | write \"{meta.a.b} {meta.a} {meta.a.b[0]} {meta}\"",
        "urls http://h/ | fetch | hash sha256 | write \"{meta.sha256}\"",
        "expand http://h/{a,b} choices=true | write \"{meta.x}\"",
        "urls http://h/ | exec date | write \"{meta.exec}\"",
        "urls http://h/ | write \"{meta.x?} {meta.y:no}\""}) {
    CAPTURE(spec);
    CHECK(warnings(spec).empty());
  }
}

TEST_CASE("check warnings: a shell's variable within a text, which nothing replaces") {
  CHECK(warnings("lines | fetch header=\"X: $TOKEN\"") ==
        "spec:1:26: warning: a text is no shell's, and \"$TOKEN\" stays as it is; the environment's is "
        "{env:TOKEN}, or "
        "{secret:TOKEN} out of sight\n"
        "lines | fetch header=\"X: $TOKEN\"\n"
        "                         ^\n");
  CHECK(holds(warnings("lines \"$HOME/urls.txt\""), "env:HOME, as a whole argument"));
  for (const char* spec : {"lines | exec sh -c \"echo $HOME\"", "lines \"costs $5\"",
                           "let TOP = x; lines \"{$TOP}\"", "lines | fetch header=\"X: $token\"",
                           "lines | fetch | extract regex=\"^$ABC\"", "let TOP = x; lines $TOP"}) {
    CAPTURE(spec);
    CHECK(warnings(spec).empty());
  }
}

TEST_CASE("check warnings: = in where, and save without a name") {
  CHECK(holds(warnings("lines | where (.status = 200)"), "spec:1:24: warning: \"=\" sets a field"));
  CHECK(holds(warnings("let p = (.status = 200); lines | where $p"), "sets a field"));
  CHECK(warnings("lines | fetch | where (.status >= 200 and .status != 404)").empty());
  CHECK(holds(warnings("lines | fetch | save"), "\"save\" without a name"));
}
