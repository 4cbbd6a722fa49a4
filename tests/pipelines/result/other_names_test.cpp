#include "pipelines/result/other_names.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat;
using namespace leat::pipelines;
using Names = std::vector<std::string>;

namespace {

Names others(const char* text, const char* url_path, const char* query = "", bool same_page = false,
             const char* server_name = nullptr) {
  const auto compiled = NameTemplate::compile(text);
  REQUIRE(compiled.ok());
  NameSource source;
  source.scheme = "http";
  source.host = "h.org";
  source.port = "80";
  source.path = url_path;
  source.query = query;
  if (server_name != nullptr) source.name = server_name;
  const auto path = expand_name(compiled.value(), source);
  REQUIRE(path.ok());
  return other_names(path.value(), compiled.value(), source, same_page);
}

}  // namespace

TEST_CASE("Other names: the folders of the URL are put in front, the innermost first, then the host") {
  CHECK(others("o/{name}", "/a/pkg/copyright") ==
        Names{"pkg/copyright", "a/pkg/copyright", "h.org/a/pkg/copyright", "h.org@80/a/pkg/copyright"});
  CHECK(others("o/{host}/{name}", "/copyright") == Names{"h.org/h.org@80/copyright"});
  CHECK(others("o/{stem}.{ext}", "/a/x.gz").front() == "a/x.gz");
  CHECK(others("o/pre-{name}", "/a/x").front() == "a/pre-x");
  CHECK(others("o/{name}", "/a/").front() == "a/index.html");
}

TEST_CASE("Other names: the query tells pages apart that differ in nothing else, and comes last otherwise") {
  CHECK(others("o/{name}", "/api/download", "id=7", true) ==
        Names{"download@id=7", "api/download@id=7", "h.org/api/download@id=7", "h.org@80/api/download@id=7"});
  const auto last = others("o/{host}@{port}/{name}", "/a/x.js", "v=1");
  CHECK(last == Names{"h.org@80/a/x.js", "h.org@80/x.js@v=1", "h.org@80/a/x.js@v=1"});
  CHECK(others("o/{host}@{port}/{path}", "/a/x", "q=a%2Fb/c", true) == Names{"h.org@80/a/x@q=a_b_c"});
  CHECK(others("o/{host}-{port}-{path}@{query}", "/x", "a=1", true).empty());
}

TEST_CASE("Other names: what a template says already is not said again, and one without a URL has none") {
  CHECK(others("o/{host}@{port}/{path}", "/a/x").empty());
  CHECK(others("o/{path:dir}/{name}", "/a/b/x") == Names{"a/b/h.org/x", "a/b/h.org@80/x"});
  CHECK(others("o/{id}", "/a/b/x").empty());
  CHECK(others("o/one", "/a/b/x", "q", true).empty());
  CHECK_FALSE(has_other_names(NameTemplate::compile("o/{host}/{id}").value()));
  CHECK(has_other_names(NameTemplate::compile("o/{ext}/{id}").value()));
}

TEST_CASE(
    "Other names: where the server has given the name, the URL's own last part says more than its folders") {
  CHECK(others("o/{name}", "/dl/17", "", false, "report.pdf").front() == "17/report.pdf");
}
