#include "pipelines/result/file_name.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>

#include "engine/redis/process_name.hpp"
#include "engine/text/utf8.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string expand(std::string_view text, std::string_view path, std::string_view host = "a.org",
                   std::uint64_t line = 3) {
  const auto compiled = NameTemplate::compile(text);
  REQUIRE(compiled.ok());
  NameSource source;
  source.host = host;
  source.path = path;
  source.line = line;
  source.id = 7;
  const auto name = expand_name(compiled.value(), source);
  REQUIRE(name.ok());
  return name.value();
}

}  // namespace

TEST_CASE("File names: each field is its part of the URL") {
  CHECK(expand("o/{host}/{name}", "/a/b.tar.gz") == "a.org/b.tar.gz");
  CHECK(expand("o/{path}", "/a/b.html") == "a/b.html");
  CHECK(expand("o/{stem}-{id}.{ext}", "/a/b.tar.gz") == "b.tar-7.gz");
  CHECK(expand("o/{line}", "/") == "3");
  CHECK(expand("o/{stem}{ext}", "/.bashrc") == ".bashrc");
  CHECK(expand("o/x-{name}.txt", "/a") == "x-a.txt");
}

TEST_CASE("File names: {process} is the machine and the number of the process, and stays the same") {
  const std::string name = redis::process_name();
  const auto colon = name.rfind(':');
  REQUIRE(colon != std::string::npos);
  const std::string file = name.substr(0, colon) + "-" + std::to_string(::getpid());
  CHECK(expand("out/{process}.json", "/a") == file + ".json");
  CHECK(expand("out-{process}.json", "/b", "b.org", 8) == "out-" + file + ".json");
  CHECK(expand("{process|slug}/{name}", "/a").find_first_of(":\\") == std::string::npos);
}

TEST_CASE("File names: a path that ends in a slash names index.html") {
  CHECK(expand("{name}", "/") == "index.html");
  CHECK(expand("{name}", "/a/") == "index.html");
  CHECK(expand("{path}", "/a/") == "a/index.html");
  CHECK(expand("{path}", "/") == "index.html");
  CHECK(expand("{path}", "//a///b") == "a/b");
}

TEST_CASE("File names: a field of the record is one component, whatever it contains") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(R"({"meta":{"id":7,"up":"../../x\ny","list":[1, 2]}})"));
  JsonInput record(doc.root());
  NameSource source;
  source.host = "a.org";
  source.record = &record;
  const auto named = [&](std::string_view text) {
    const auto name = expand_name(NameTemplate::compile(text).value(), source);
    return name.ok() ? name.value() : std::string(to_string(name.error().code)) + ": " + name.error().message;
  };
  CHECK(named("out/{host}/{meta.id}.json") == "a.org/7.json");
  CHECK(named("out/{meta.up}") == ".._.._x_y");
  CHECK(named("out/{meta.list[1]}-{meta.list}") == "2-[1,2]");
  CHECK(named("out/{meta.k}") == "filter_error: no field {meta.k} in this record");
  source.record = nullptr;
  CHECK(named("out/{meta.id}") == "name_refused: {meta.id} has no value here");
}

TEST_CASE("File names: a name with a field that has no value is refused") {
  const auto compiled = NameTemplate::compile("{line}.html");
  NameSource source;
  source.path = "/a";
  const auto refused = expand_name(compiled.value(), source);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Errc::name_refused);
  const auto empty = NameTemplate::compile("{ext}");
  CHECK(expand_name(empty.value(), source).error().code == Errc::name_refused);
}

TEST_CASE("File names: no path leads out of the directory") {
  struct Row {
    const char* path;
    const char* name;
    const char* whole;
  };
  for (const auto& [path, name, whole] : {Row{"/../x", "x", "__/x"},
                                          Row{"/a/..", "__", "a/__"},
                                          Row{"/a/.", "_", "a/_"},
                                          Row{"/..%2f..%2fetc", ".._.._etc", ".._.._etc"},
                                          Row{"/%2e%2e/x", "x", "__/x"},
                                          Row{"/%2e%2e", "__", "__"},
                                          Row{"/a%5c..%5cb", "a_.._b", "a_.._b"},
                                          Row{"/%00", "_", "_"},
                                          Row{"/%2f", "_", "_"},
                                          Row{"/a%0ab", "a_b", "a_b"},
                                          Row{"/%1b[31m", "_[31m", "_[31m"},
                                          Row{"/%c2%9b1m", "_1m", "_1m"},
                                          Row{"/%7F", "_", "_"},
                                          Row{"/CON", "_CON", "_CON"},
                                          Row{"/con.txt", "_con.txt", "_con.txt"},
                                          Row{"/com1", "_com1", "_com1"},
                                          Row{"/com0", "com0", "com0"},
                                          Row{"/console", "console", "console"},
                                          Row{"/nul/x", "x", "_nul/x"},
                                          Row{"/x.part", "x.part_", "x.part_"},
                                          Row{"/%20", " ", " "},
                                          Row{"/100%25", "100%", "100%"},
                                          Row{"/a%zz", "a%zz", "a%zz"},
                                          Row{"/caf%E9", "caf%E9", "caf%E9"},
                                          Row{"/caf%C3%A9", "café", "café"}}) {
    const char* const url_path = path;  // clang 14 can't capture a structured binding
    CAPTURE(url_path);
    CHECK(expand("o/{name}", path) == name);
    CHECK(expand("o/{path}", path) == whole);
  }
}

TEST_CASE("File names: what turns the direction of a text does not hide a name's true ending") {
  CHECK(expand("o/{name}", "/a%E2%80%AEtxt.exe") == "a_txt.exe");
  CHECK(expand("o/{name}", "/%E2%81%A6x") == "_x");
  CHECK(expand("o/{name}", "/%E2%80%93%E2%81%A5") == "–\u2065");
}

TEST_CASE("File names: dots that come together from text and fields are made harmless") {
  CHECK(expand("o/{host}/.{ext}", "/a..", "a.org") == "a.org/_");
  CHECK(expand("o/{host}/../{name}", "/x") == "a.org/__/x");
  CHECK(expand("o/{host}/x", "/", "..") == "__/x");
}

TEST_CASE("File names: long names are cut between characters, differ by a hash, and keep their extension") {
  const std::string a = "/" + std::string(300, 'a') + ".html";
  const std::string b = "/" + std::string(301, 'a') + ".html";
  const std::string cut = expand("{name}", a);
  CHECK(cut.size() == kMaxComponent);
  CHECK(cut.ends_with(".html"));
  CHECK(cut != expand("{name}", b));
  CHECK(cut == expand("{name}", a));
  std::string wide = "/";
  for (int i = 0; i < 127; ++i) wide += "é";
  CHECK(expand("{name}", wide) == wide.substr(1));
  for (int more = 1; more < 4; ++more) {
    wide += "é";
    const std::string name = expand("{name}", wide);
    CHECK(name.size() <= kMaxComponent);
    CHECK(text::is_utf8(name));
  }
  CHECK(expand("{path}", a.substr(0) + "/x").size() == kMaxComponent + 2);
}

TEST_CASE("File names: a number goes before the extension") {
  CHECK(numbered("a/b.html", 2) == "a/b.2.html");
  CHECK(numbered("a.d/b", 1) == "a.d/b.1");
  CHECK(numbered(".bashrc", 1) == ".bashrc.1");
  const std::string longest = std::string(252, 'x') + ".html";
  CHECK(numbered("a/" + longest, 1).size() == kMaxComponent + 2);
  CHECK(numbered(longest, 1) != numbered(longest, 2));
}

TEST_CASE("File names: scheme, port, query and the folders of the path have fields of their own") {
  const auto named = [](const char* text, const char* path, const char* query) {
    NameSource source;
    source.scheme = "https";
    source.host = "a.org";
    source.port = "443";
    source.path = path;
    source.query = query;
    const auto name = expand_name(NameTemplate::compile(text).value(), source);
    return name.ok() ? name.value() : name.error().message;
  };
  CHECK(named("o/{scheme}/{host}-{port}/{path:dir}/{name}", "/a/b/c", "") == "https/a.org-443/a/b/c");
  CHECK(named("o/{path:dir}/{name}", "/c", "") == "c");
  CHECK(named("o/{path:dir}/{name}", "/a/", "") == "a/index.html");
  CHECK(named("o/{path:dir}/x", "/a%2fb/..%2f/c", "") == "a_b/.._/x");
  CHECK(named("o/{name}@{query}", "/download", "id=7") == "download@id=7");
  CHECK(named("o/{query}", "/x", "a=%2e%2e/b&c=%41") == "a=.._b&c=A");
}
