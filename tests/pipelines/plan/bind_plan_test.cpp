#include "pipelines/plan/bind_plan.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/stage_table.hpp"

using namespace leat::pipelines;

namespace {

constexpr const char* kVariable = "LEAT_TEST_BIND_PLAN";

class Environment {
 public:
  explicit Environment(const std::string& value) { ::setenv(kVariable, value.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { ::unsetenv(kVariable); }
};

BoundPipeline bound(const std::string& spec, Variables::Sets sets = {}) {
  SpecOptions options;
  options.sets = std::move(sets);
  options.getenv = [](const std::string& name) -> std::optional<std::string> {
    const char* value = ::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  auto loaded = load_spec(spec, stage_signatures(), options);
  REQUIRE_MESSAGE(loaded.ok(), render(loaded.faults));
  return std::move(*loaded.pipeline);
}

std::vector<std::string> sorted_secrets(const std::string& spec, Variables::Sets sets = {}) {
  auto secrets = secrets_of(bound(spec, std::move(sets)));
  std::sort(secrets.begin(), secrets.end());
  secrets.erase(std::unique(secrets.begin(), secrets.end()), secrets.end());
  return secrets;
}

}  // namespace

TEST_CASE("secrets_of: a secret in a template is known as it is and as the template's filters write it") {
  const Environment environment("a b");
  using Texts = std::vector<std::string>;
  CHECK(sorted_secrets("urls http://a/ | set meta.t=\"x {secret:LEAT_TEST_BIND_PLAN}\" | null") ==
        Texts{"a b"});
  CHECK(sorted_secrets("urls http://a/ | set meta.t=\"{secret:LEAT_TEST_BIND_PLAN|base64}\" | null") ==
        Texts{"YSBi", "a b"});
  CHECK(sorted_secrets("urls http://a/ | tee { write \"{secret:LEAT_TEST_BIND_PLAN|json|uri}\" } | null") ==
        Texts{"%22a%20b%22", "a b"});
  CHECK(sorted_secrets("urls http://a/ | fetch user=secret:LEAT_TEST_BIND_PLAN | null") == Texts{"a b"});
}

TEST_CASE("secrets_of: what filters write of an empty secret is none") {
  const Environment environment("");
  CHECK(sorted_secrets("urls http://a/ | set meta.t=\"{secret:LEAT_TEST_BIND_PLAN|json}\" | null").empty());
}

TEST_CASE("secrets_of: an argument that is hidden as a whole may have another secret in its template") {
  const Environment environment("a b");
  const auto secrets = sorted_secrets("let header = x; urls http://a/ | fetch header=$header | null",
                                      {{"header", "X-Token: {secret:LEAT_TEST_BIND_PLAN|uri}"}});
  CHECK(std::binary_search(secrets.begin(), secrets.end(), "a b"));
  CHECK(std::binary_search(secrets.begin(), secrets.end(), "a%20b"));
}

TEST_CASE("written_secret: a password in a URL is found whatever signs it has, and names the argument") {
  CHECK(written_secret(bound("urls http://me:pw@a.org/ | null")) == "urls");
  CHECK(written_secret(bound(R"(urls "http://me:p\"w@a.org/" | null)")) == "urls");
  CHECK(written_secret(bound(R"(urls "http://me:p\\w@a.org/" | null)")) == "urls");
  CHECK(written_secret(bound("urls \"http://me:p'w@a.org/\" | null")) == "urls");
  CHECK(written_secret(bound(R"(urls http://a/ | tee { exec curl "http://me:p\"@b/" | null } | null)")) ==
        "exec");
  CHECK(written_secret(bound(R"(urls http://a/ | each ("http://me:p\"w@a.org/") | null)")) == "each");
}

TEST_CASE("written_secret: there is none in a URL that a program makes, nor in lines and lists") {
  for (const char* spec :
       {R"(urls http://a/ | each ("http://\(.meta.me):\(.meta.password)@a.org/") | null)",
        R"(urls http://a/ | each (["http://a.org","me@b.org"]) | null)",
        R"(urls http://a/ | fetch body="http://a.org\nme@b.org" | null)",
        R"(urls http://a/ | fetch body="{{\"u\":\"http://a.org\",\"m\":\"x@y\"}}" | null)",
        R"(urls http://a/ | fetch body=("{\"u\":\"http://a.org\",\"m\":\"x@y\"}") | null)"}) {
    CAPTURE(spec);
    CHECK_FALSE(written_secret(bound(spec)));
  }
}
