#include "pipelines/expr/template.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string base_of(std::string_view text) {
  const auto compiled = NameTemplate::compile(text);
  REQUIRE(compiled.ok());
  return compiled.value().base();
}

std::string fault_of(std::string_view text) {
  const auto compiled = NameTemplate::compile(text);
  REQUIRE_FALSE(compiled.ok());
  CHECK(compiled.error().code == Errc::bad_input);
  return compiled.error().message;
}

}  // namespace

TEST_CASE("NameTemplate: the text before the first field, up to its last slash, is the base") {
  CHECK(base_of("{name}") == ".");
  CHECK(base_of("out/{name}") == "out");
  CHECK(base_of("out/x-{name}") == "out");
  CHECK(base_of("a/b/{host}/{name}") == "a/b");
  CHECK(base_of("/{name}") == "/");
  CHECK(base_of("/srv/a/{name}") == "/srv/a");
  CHECK(base_of("../{name}") == "..");
  CHECK(base_of("out/file.bin") == "out");
  CHECK(base_of("file.bin") == ".");
}

TEST_CASE("NameTemplate: double braces stand for braces") {
  const auto compiled = NameTemplate::compile("{{a}}/{{{name}}}");
  REQUIRE(compiled.ok());
  CHECK(compiled.value().base() == "{a}");
  const auto& parts = compiled.value().parts();
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].text == "{");
  CHECK(parts[1].field == NameField::name);
  CHECK(parts[2].text == "}");
}

TEST_CASE("NameTemplate: errors name the column, counted in characters, and the nearest field") {
  CHECK(fault_of("out/{nmae}") == "column 6: no field {nmae}; did you mean {name}?");
  CHECK(fault_of("out-{proces}.json") == "column 6: no field {proces}; did you mean {process}?");
  CHECK(fault_of("é/{nmae}") == "column 4: no field {nmae}; did you mean {name}?");
  CHECK(fault_of("{qqqqqqqq}").find("there are {host} {path}") != std::string::npos);
  CHECK(fault_of("out/{name").rfind("column 5: '{' without a '}'", 0) == 0);
  CHECK(fault_of("out/{na{me}").rfind("column 5: '{' without a '}'", 0) == 0);
  CHECK(fault_of("out/name}").rfind("column 9: '}' without a '{'", 0) == 0);
  CHECK(fault_of("{}").find("no field {}") != std::string::npos);
}

TEST_CASE("NameTemplate: fields of the record are paths, and the fields that it needs are listed") {
  const auto compiled = NameTemplate::compile("out/{host}/{meta.id}-{json.items[0]}-{host}");
  REQUIRE(compiled.ok());
  CHECK(compiled.value().base() == "out");
  CHECK(compiled.value().fields() == std::vector<std::string>{"host", "meta.id", "json.items[0]"});
  CHECK(fault_of("{mta.id}").find("did you mean {meta}?") != std::string::npos);
  CHECK(fault_of("{meta..id}").rfind("column 7: a field's name is missing", 0) == 0);
  CHECK(fault_of("{secret:TOKEN}").find("no field {secret:TOKEN}") != std::string::npos);
}

TEST_CASE("NameTemplate: fields may be left out, and have filters, of the URL's parts as well") {
  const auto compiled = NameTemplate::compile("{host|slug}/{name|base64}-{meta.k?}-{meta.k:none|slug}");
  REQUIRE(compiled.ok());
  CHECK(compiled.value().fields() == std::vector<std::string>{"host", "name", "meta.k"});
  CHECK(compiled.value().is_known_before_response());
  CHECK(fault_of("a/{name|slgu}") == "column 9: no filter \"slgu\"; did you mean \"slug\"?");
  CHECK(fault_of("{meta.k|slgu}") == "column 9: no filter \"slgu\"; did you mean \"slug\"?");
  CHECK(fault_of("{ext:bin}").rfind("column 5: only a field of the record", 0) == 0);
  CHECK(fault_of("{nmae|slug}") == "column 2: no field {nmae}; did you mean {name}?");
}

TEST_CASE("check_name_template: an error says where it is in the text, in bytes") {
  CHECK_FALSE(check_name_template("out/{name}"));
  const auto fault = check_name_template("é/{nmae}");
  REQUIRE(fault);
  CHECK(fault->offset == 4);
  CHECK(fault->message == "no field {nmae}; did you mean {name}?");
}

TEST_CASE("NameTemplate: a template that names no file is refused") {
  for (const char* text : {"", "out/", "/", "{host}/", "a/b/"}) {
    CAPTURE(text);
    CHECK(fault_of(text).find("names no file") != std::string::npos);
  }
  CHECK_FALSE(NameTemplate::compile("\xFF").ok());
  CHECK_FALSE(NameTemplate::compile(std::string_view("a\0b", 3)).ok());
}
