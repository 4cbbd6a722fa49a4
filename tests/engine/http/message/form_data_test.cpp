#include "engine/http/message/form_data.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::http;

namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=";

std::string boundary_of(const FormData& form) {
  REQUIRE(form.content_type.starts_with(kType));
  return form.content_type.substr(kType.size());
}

// With B in place of the boundary.
std::string body_of(const std::vector<FormPart>& parts) {
  const auto form = form_data(parts);
  const std::string boundary = boundary_of(form);
  std::string body = form.body;
  for (auto at = body.find(boundary); at != std::string::npos; at = body.find(boundary, at))
    body.replace(at, boundary.size(), 1, 'B');
  return body;
}

}  // namespace

TEST_CASE("form_data: a part has its name, and a file name and a type if these are given") {
  CHECK(body_of({{"a", "1\r\n2", std::nullopt, ""}, {"f", "", "x.png", "image/png"}, {"g", "", "", ""}}) ==
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\nContent-Type: "
        "image/png\r\n\r\n\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n\r\n--B--\r\n");
  CHECK(body_of({}) == "--B--\r\n");
}

TEST_CASE("form_data: what would end the quotes or the line of a name is percent-encoded") {
  CHECK(body_of({{"a\"b\r\n", "", "c\"d%é", ""}}) ==
        "--B\r\nContent-Disposition: form-data; name=\"a%22b%0D%0A\"; filename=\"c%22d%é\"\r\n\r\n\r\n"
        "--B--\r\n");
}

TEST_CASE("form_data: the same form has the same boundary, which stands nowhere inside") {
  const std::vector<FormPart> parts{{"a", "1", std::nullopt, ""}};
  const std::string boundary = boundary_of(form_data(parts));
  CHECK(boundary_of(form_data(parts)) == boundary);
  CHECK(boundary.size() <= 70);  // RFC 2046, 5.1.1
  const std::vector<FormPart> other{{"a", "2", std::nullopt, ""}};
  CHECK(boundary_of(form_data(other)) != boundary);
}
