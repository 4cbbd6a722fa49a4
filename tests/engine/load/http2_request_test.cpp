#include "engine/load/http2_request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using leat::load::Http2Request;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields_of(const Http2Request& request) {
  Fields fields;
  for (const nghttp2_nv& field : request.fields()) {
    fields.emplace_back(std::string(reinterpret_cast<const char*>(field.name), field.namelen),
                        std::string(reinterpret_cast<const char*>(field.value), field.valuelen));
  }
  return fields;
}

Fields fields_of(const std::string& bytes) {
  Http2Request request;
  request.assign(bytes, "https");
  return fields_of(request);
}

const Fields kPseudo{{":method", "GET"}, {":scheme", "https"}, {":authority", "h"}, {":path", "/"}};

Fields with(Fields more) {
  Fields fields = kPseudo;
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

}  // namespace

TEST_CASE("Http2Request: the request line and Host become pseudo-header fields, and names lower case") {
  CHECK(fields_of(
            "PUT /a%20b?q=1 HTTP/1.1\r\nUser-Agent: leat/1\r\nHost: h:8443\r\nX-One:  two words \r\n\r\n") ==
        Fields{{":method", "PUT"},
               {":scheme", "https"},
               {":authority", "h:8443"},
               {":path", "/a%20b?q=1"},
               {"user-agent", "leat/1"},
               {"x-one", "two words"}});
}

TEST_CASE("Http2Request: fields about the connection are left out, with those that Connection names") {
  CHECK(fields_of("GET / HTTP/1.1\r\nHost: h\r\nConnection: close, X-Hop\r\nKeep-Alive: 5\r\nx-hop: 1\r\n"
                  "Proxy-Connection: close\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\nTE: gzip\r\nX: "
                  "1\r\n\r\n") == with({{"x", "1"}}));
  CHECK(fields_of("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n") == with({{"te", "trailers"}}));
}

TEST_CASE("Http2Request: an empty value is sent, and a request without Host has no authority") {
  CHECK(fields_of("GET / HTTP/1.1\r\nHost: h\r\nX-Empty:\r\n\r\n") == with({{"x-empty", ""}}));
  CHECK(fields_of("GET / HTTP/1.1\r\nX: 1\r\n\r\n") ==
        Fields{{":method", "GET"}, {":scheme", "https"}, {":path", "/"}, {"x", "1"}});
}

TEST_CASE("Http2Request: the body is what stands behind the head, whatever it holds") {
  Http2Request request;
  const std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\na\r\n\r\nb:c";
  request.assign(bytes, "http");
  CHECK(request.body() == "a\r\n\r\nb:c");
  CHECK(fields_of(request).back() == std::pair<std::string, std::string>{"content-length", "8"});
  const std::string next = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  request.assign(next, "https");
  CHECK(request.body().empty());
  CHECK(fields_of(request) == kPseudo);
}
