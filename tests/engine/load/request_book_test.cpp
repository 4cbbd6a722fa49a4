#include "engine/load/request_book.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace leat::load;

namespace {

TextPieces text(const std::string& what) { return {TextPiece{TextPiece::Kind::text, what, 0, false}}; }
TextPiece field(TextPiece::Kind kind, std::size_t column = 0, bool in_url = false) {
  return TextPiece{kind, "", column, in_url};
}

LoadPlan plan_of(const std::string& url) {
  LoadPlan plan;
  plan.targets.emplace_back();
  plan.targets[0].url = url;
  plan.user_agent = "leat/t";
  return plan;
}

std::string written(const LoadPlan& plan) {
  RequestBook book(plan, 0, 1);
  std::string room;
  return std::string(book.write(0, room));
}

}  // namespace

TEST_CASE("RequestBook: a request looks as curl would send it") {
  CHECK(written(plan_of("HTTP://Example.org/a/../b?q#f")) ==
        "GET /b?q HTTP/1.1\r\nHost: example.org\r\nUser-Agent: leat/t\r\nAccept: */*\r\n\r\n");
  CHECK(written(plan_of("http://[::1]:8080")).starts_with("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n"));
  CHECK(written(plan_of("https://h:443/")).find("Host: h\r\n") != std::string::npos);
  CHECK(written(plan_of("http://h:443/")).find("Host: h:443\r\n") != std::string::npos);
  CHECK(written(plan_of("http://me:word@h/")).find("Authorization: Basic bWU6d29yZA==\r\n") !=
        std::string::npos);
}

TEST_CASE(
    "RequestBook: bytes beyond ASCII are percent-encoded in the path and the query, and all others stay") {
  CHECK(written(plan_of("http://h/caf\xc3\xa9?q=\xe4\xbd\xa0&x=%2F+"))
            .starts_with("GET /caf%C3%A9?q=%E4%BD%A0&x=%2F+ HTTP/1.1\r\n"));
  LoadPlan plan = plan_of("http://h/");
  plan.targets[0].path = text("/\xc3\xa9?x=%c3|{y}");
  CHECK(written(plan).starts_with("GET /%C3%A9?x=%c3|{y} HTTP/1.1\r\n"));
}

TEST_CASE("RequestBook: -u counts more than a URL's user, as in curl") {
  LoadPlan plan = plan_of("http://u:p@h/");
  plan.userpwd = "me:word";
  CHECK(written(plan).find("Authorization: Basic bWU6d29yZA==\r\n") != std::string::npos);
}

TEST_CASE("RequestBook: given fields replace curl's own fields or remove them") {
  LoadPlan plan = plan_of("http://h/");
  plan.headers = {"host: other", "User-Agent:", "X-Empty;"};
  plan.targets[0].headers = {text("X: y")};
  CHECK(written(plan) == "GET / HTTP/1.1\r\nAccept: */*\r\nhost: other\r\nX-Empty:\r\nX: y\r\n\r\n");
  plan.keepalive = false;
  CHECK(written(plan).find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("RequestBook: bodies have the right length, also those that change with each request") {
  LoadPlan plan = plan_of("http://h/");
  plan.targets[0].method = "POST";
  plan.targets[0].has_body = true;
  CHECK(written(plan).ends_with(
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"));
  plan.targets[0].body = text("hello");
  CHECK(written(plan).ends_with("Content-Length: 5\r\n\r\nhello"));
  plan.targets[0].body.push_back(field(TextPiece::Kind::column));
  plan.data = std::make_shared<const DataRows>(DataRows{{"abc"}, {""}});
  RequestBook book(plan, 0, 1);
  std::string room;
  CHECK(book.write(0, room).ends_with("Content-Length: 8\r\n\r\nhelloabc"));
  CHECK(book.write(0, room).ends_with("Content-Length: 5\r\n\r\nhello"));
  CHECK(book.write(0, room).ends_with("Content-Length: 8\r\n\r\nhelloabc"));
}

TEST_CASE("RequestBook: threads use different numbers, and random digits differ") {
  LoadPlan plan = plan_of("http://h/");
  plan.targets[0].path = {text("/")[0], field(TextPiece::Kind::seq), text("/")[0],
                          field(TextPiece::Kind::random)};
  std::set<std::string> paths;
  std::set<std::string> numbers;
  for (std::size_t part = 0; part < 3; ++part) {
    RequestBook book(plan, part, 3);
    std::string room;
    for (int i = 0; i < 100; ++i) {
      const std::string line(book.write(0, room).substr(5, 60));
      numbers.insert(line.substr(0, line.find('/')));
      paths.insert(line.substr(line.find('/'), 17));
    }
  }
  CHECK(numbers.size() == 300);
  CHECK(numbers.contains("299"));
  CHECK(paths.size() == 300);
}

TEST_CASE("RequestBook: a value in a URL can't break out of the request line") {
  LoadPlan plan = plan_of("http://h/");
  plan.targets[0].path = {text("/")[0], field(TextPiece::Kind::column, 0, true)};
  plan.data = std::make_shared<const DataRows>(DataRows{{"a b\r\nX: \xC3\xA4#/?&=%20"}});
  CHECK(written(plan).starts_with("GET /a%20b%0D%0AX:%20%C3%A4%23/?&=%20 HTTP/1.1\r\n"));
}

TEST_CASE("RequestBook: HTTP/1.0 and a path as it was written, if they are asked for") {
  LoadPlan plan = plan_of("http://h/a/../b/./c?q=/../");
  CHECK(written(plan).starts_with("GET /b/c?q=/../ HTTP/1.1\r\n"));
  plan.path_as_is = true;
  plan.http1_0 = true;
  CHECK(written(plan).starts_with("GET /a/../b/./c?q=/../ HTTP/1.0\r\n"));
  plan.targets[0].url = "http://h?x";
  CHECK(written(plan).starts_with("GET /?x HTTP/1.0\r\n"));
}

TEST_CASE("RequestBook: random numbers are within their bounds, and UUIDs are of version 4 and differ") {
  LoadPlan plan = plan_of("http://h/");
  TextPiece number = field(TextPiece::Kind::number);
  number.lowest = 3;
  number.highest = 5;
  plan.targets[0].path = {text("/")[0], number,
                          text("/")[0], field(TextPiece::Kind::uuid),
                          text("/")[0], field(TextPiece::Kind::now)};
  RequestBook book(plan, 0, 1);
  std::string room;
  std::set<std::string> numbers;
  std::set<std::string> uuids;
  for (int i = 0; i < 200; ++i) {
    const std::string request(book.write(0, room));
    const std::string path = request.substr(4, request.find(" HTTP") - 4);
    numbers.insert(path.substr(0, 3));
    const std::string uuid = path.substr(3, 36);
    CHECK(uuid[14] == '4');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
    CHECK(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
    uuids.insert(uuid);
    const std::string now = path.substr(40);
    CHECK(std::stod(now) > 1.7e9);
    CHECK(now.size() - now.find('.') == 4);
  }
  CHECK(numbers == std::set<std::string>{"/3/", "/4/", "/5/"});
  CHECK(uuids.size() == 200);
}
