#include "pipelines/expr/template.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;
using namespace leat::pipelines;

namespace {

Result<std::string> lookup(Template::Outside kind, const std::string& name) {
  if (name == "NONE") return Error(Errc::bad_input, "no secret \"NONE\"");
  return (kind == Template::Outside::secret ? "s-" : "e-") + name;
}

Template compiled(std::string_view text) {
  auto made = Template::compile(text, lookup);
  REQUIRE_FALSE(fault_of(made));
  return std::get<0>(std::move(made));
}

std::string expand(std::string_view text, const std::string& record) {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(record));
  JsonInput input(doc.root());
  std::string out;
  const auto error = compiled(text).expand(input, out);
  if (!error) return out;
  CHECK(error->code == Errc::filter_error);
  return "error: " + error->message;
}

std::string fault(std::string_view text) {
  const auto found = fault_of(Template::compile(text, lookup));
  REQUIRE(found);
  return std::to_string(found->offset) + ": " + found->message;
}

constexpr const char* kRecord =
    R"({"url":"http://a/","json":{"items":[{"k":"v\n"},{"k":1e2}],"First Name":"x"},"meta":{"n":null,"o":{ "a" : [1, 2] }}})";

}  // namespace

TEST_CASE("Template: text is inserted as it is, and all else as JSON on one line") {
  CHECK(expand("", kRecord).empty());
  CHECK(expand("plain", kRecord) == "plain");
  CHECK(expand("{url} {json.items[0].k}{json.items[1].k}", kRecord) == "http://a/ v\n1e2");
  CHECK(expand("{json.items[-1].k}", kRecord) == "1e2");
  CHECK(expand("{meta.n}|{meta.o}|{json.First Name}", kRecord) == R"(null|{"a":[1,2]}|x)");
}

TEST_CASE("Template: double braces stand for braces") {
  CHECK(expand("{{}} {{url}} {{{url}}}", kRecord) == "{} {url} {http://a/}");
}

TEST_CASE("Template: the template of a text that is to stand as it is says just that text") {
  CHECK(literal_template("a{b}c}{") == "a{{b}}c}}{{");
  CHECK(expand(literal_template("{url} {{x}}"), kRecord) == "{url} {{x}}");
}

TEST_CASE("Template: a missing field is an error that names it") {
  for (const std::string field : {"nope", "meta.k", "json.items[2].k", "url.x", "url[0]", "meta.n.x"}) {
    CHECK(expand("a {" + field + "}", kRecord) == "error: no field {" + field + "} in this record");
  }
}

TEST_CASE("Template: secrets and the environment are looked up when it is compiled") {
  CHECK(expand("{secret:TOKEN} {env:HOME}", kRecord) == "s-TOKEN e-HOME");
  CHECK(compiled("{secret:TOKEN}").secret());
  CHECK_FALSE(compiled("{env:HOME}").secret());
  CHECK(fault("ab {secret:NONE}") == "11: no secret \"NONE\"");
  CHECK(fault("ab {secret:}").rfind("11: a name is missing", 0) == 0);
  CHECK(fault("ab {file:x}").rfind("4: no values from \"file:\"", 0) == 0);
  CHECK_FALSE(check_template("{secret:NONE}"));
}

TEST_CASE("Template: errors say where they are, in bytes") {
  CHECK(fault("ab {c").rfind("3: '{' without a '}'", 0) == 0);
  CHECK(fault("ab }").rfind("3: '}' without a '{'", 0) == 0);
  CHECK(fault("é {}").rfind("4: a field's name is missing", 0) == 0);
  CHECK(fault("{a.}").rfind("3: a field's name is missing", 0) == 0);
  CHECK(fault("{a[x]}").rfind("2: a place in an array", 0) == 0);
  CHECK(fault("{a[0}").rfind("2: a place in an array", 0) == 0);
  CHECK(fault("{a[0]b}").rfind("5: a '.' or a '['", 0) == 0);
  CHECK(fault("{a]}").rfind("2: a '.' or a '['", 0) == 0);
  CHECK(fault("{ a}").rfind("1: a blank", 0) == 0);
  CHECK(fault("a\xFF") == "1: is not UTF-8");
  CHECK(check_template("{a.}")->offset == 3);
}

TEST_CASE("Template: it lists the fields that it needs, each once") {
  CHECK(compiled("{url} {meta.k} {url} {secret:A}").fields() == std::vector<std::string>{"url", "meta.k"});
  CHECK(compiled("plain").fields().empty());
}
