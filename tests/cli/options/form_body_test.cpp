#include "cli/options/form_body.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "pipelines/options/option.hpp"
#include "tests/cli/fake_system.hpp"

using namespace leat::cli;

namespace {

leat::Result<leat::http::FormData> form_of(FakeSystem& system, const std::vector<std::string_view>& words) {
  const auto given = parse_options(leat::pipelines::kGet, words);
  REQUIRE_MESSAGE(given.ok(), given.error().message);
  return read_form(given.value(), system);
}

// The form without its boundary.
std::string body_of(FakeSystem& system, const std::vector<std::string_view>& words) {
  const auto form = form_of(system, words);
  REQUIRE_MESSAGE(form.ok(), form.error().message);
  const std::string boundary = form.value().content_type.substr(form.value().content_type.find('=') + 1);
  std::string body = form.value().body;
  for (auto at = body.find(boundary); at != std::string::npos; at = body.find(boundary, at))
    body.replace(at, boundary.size(), "B");
  return body;
}

}  // namespace

TEST_CASE("read_form: fields, texts of files and files have the parts that curl gives them") {
  FakeSystem system;
  system.files["dir/f.txt"] = "hey";
  system.files["x;y"] = "odd";
  CHECK(body_of(system, {"-F", "na\"me=val;type=text/x", "-F", "f=@dir/f.txt", "-F", "t=<dir/f.txt"}) ==
        "--B\r\nContent-Disposition: form-data; name=\"na%22me\"\r\nContent-Type: text/x\r\n\r\nval\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\nContent-Type: "
        "text/plain\r\n\r\nhey\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nhey\r\n--B--\r\n");
  CHECK(body_of(system, {"-F", "f=@\"x;y\";filename=z;type=a/b"}) ==
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"z\"\r\nContent-Type: "
        "a/b\r\n\r\nodd\r\n--B--\r\n");
  CHECK(body_of(system, {"-F", "v=a;b=c"}) ==
        "--B\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\na;b=c\r\n--B--\r\n");
  CHECK(body_of(system, {"--form-string", "s=@x;type=y"}) ==
        "--B\r\nContent-Disposition: form-data; name=\"s\"\r\n\r\n@x;type=y\r\n--B--\r\n");
}

TEST_CASE("read_form: the same form has the same boundary, which stands nowhere inside") {
  FakeSystem system;
  const auto first = form_of(system, {"-F", "a=b"});
  CHECK(first.value().body == form_of(system, {"-F", "a=b"}).value().body);
  const std::string boundary = first.value().content_type.substr(first.value().content_type.find('=') + 1);
  const std::string field = "a=b" + boundary;
  const auto other = form_of(system, {"-F", field});
  CHECK(other.value().content_type != first.value().content_type);
}

TEST_CASE("read_form: what is wrong with a field is said without its value") {
  FakeSystem system;
  CHECK(form_of(system, {"-F", "secret"}).error().message == "--form: number 1 (not shown): takes NAME=DATA");
  CHECK(form_of(system, {"-F", "a=@none"}).error().message == "--form: \"none\": No such file or directory");
  CHECK(form_of(system, {"-F", "a=@\"x\"y"}).error().message ==
        "--form: number 1 (not shown): takes ;type= and ;filename= behind the value");
}
