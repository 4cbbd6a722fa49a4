#include "pipelines/expr/template.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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

TEST_CASE("Template: what is missing or null may be left out, or have a text in its place") {
  CHECK(expand("[{meta.k?}][{meta.n?}][{meta.o?}]", kRecord) == R"([][][{"a":[1,2]}])");
  CHECK(expand("[{meta.k:none}][{meta.n: a b}][{url:x}][{meta.k:}]", kRecord) == "[none][ a b][http://a/][]");
  CHECK(expand("{meta.k:http://x/?q}", kRecord) == "http://x/?q");
  CHECK(expand("{json.items[7].k:-}{nope?}", kRecord) == "-");
  CHECK(expand("{meta.t:x}", R"({"meta":{"t":false}})") == "false");
  CHECK(compiled("{url?} {meta.k:d} {meta.k|uri} {env:A}").fields() ==
        std::vector<std::string>{"url", "meta.k"});
  CHECK(fault("{meta.k?x}").rfind("8: behind the '?'", 0) == 0);
  CHECK(fault("{?}").rfind("1: a field's name is missing", 0) == 0);
  CHECK(fault("{:x}").rfind("1: a field's name is missing", 0) == 0);
}

TEST_CASE("Template: a filter writes a value for the place in which it stands") {
  const std::string record =
      R"({"q":"Ä b&c/\"d\"","n":1.10,"big":9007199254740993,"no":null,"o":{"a":"it's"},"t":"x"})";
  CHECK(expand("{q|uri}", record) == "%C3%84%20b%26c%2F%22d%22");
  CHECK(expand("{n|uri} {big|uri} {o|uri}", record) == "1.10 9007199254740993 %7B%22a%22%3A%22it%27s%22%7D");
  CHECK(expand("{q|json} {n|json} {o|json} {no|json} {none?|json} {none:a|json}", record) ==
        R"("Ä b&c/\"d\"" 1.10 {"a":"it's"} null null "a")");
  CHECK(expand("{q|csv},{n|csv},{none?|csv},{t|csv}", record) == R"("Ä b&c/""d""",1.10,,x)");
  CHECK(expand("{o|sh} {t|sh} {none?|sh}", record) == R"('{"a":"it'\''s"}' x '')");
  CHECK(expand("{t|base64}", record) == "eA==");
  CHECK(expand("{q|slug} {n|slug}", record) == "Ä-b-c-d 1-10");
  CHECK(expand("{q|json|uri}", record) == "%22%C3%84%20b%26c%2F%5C%22d%5C%22%22");
  CHECK(expand("{none|uri}", record) == "error: no field {none} in this record");
  CHECK(fault("a {q|uir}") == "5: no filter \"uir\"; did you mean \"uri\"?");
  CHECK(fault("{q|}").rfind("3: no filter \"\"; there are uri json csv sh base64 slug", 0) == 0);
  CHECK(fault("{q|uri|}").rfind("7: no filter", 0) == 0);
}

TEST_CASE("Template: a name with signs in it stands in quotes and brackets") {
  const std::string record = R"({"meta":{"dc:title":"T","a|b":1.10,"x?":{"y.z":[2]}}})";
  CHECK(expand(R"({meta["dc:title"]} {meta["a|b"]|json} {meta["x?"]["y.z"][0]} {meta["no:"]?})", record) ==
        "T 1.10 2 ");
  CHECK(fault(R"({meta["a})").rfind("5: a place in an array", 0) == 0);
}

TEST_CASE("Template: secrets and the environment are looked up when it is compiled") {
  CHECK(expand("{secret:TOKEN} {env:HOME}", kRecord) == "s-TOKEN e-HOME");
  CHECK(fault("ab {secret:NONE}") == "11: no secret \"NONE\"");
  CHECK(fault("ab {secret:}").rfind("11: a name is missing", 0) == 0);
  CHECK(expand("{env:HOME|sh}{secret:A B|uri|base64}", kRecord) == "e-HOMEcy1BJTIwQg==");
  CHECK(fault("ab {env:X|shh}") == "10: no filter \"shh\"; did you mean \"sh\"?");
  CHECK_FALSE(check_template("{secret:NONE}"));
}

TEST_CASE("Template: it knows its secrets as they are and as its filters write them") {
  using Texts = std::vector<std::string>;
  CHECK(compiled("{secret:TOKEN} {url}").secrets() == Texts{"s-TOKEN"});
  CHECK(compiled("{secret:A B|uri|base64} {secret:C|slug}").secrets() ==
        Texts{"s-A B", "cy1BJTIwQg==", "s-C", "s-c"});
  CHECK(compiled("{env:HOME} {env:HOME|base64} {{secret:TOKEN}} {url|uri}").secrets().empty());
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
