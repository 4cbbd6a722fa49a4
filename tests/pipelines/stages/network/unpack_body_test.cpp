#include "pipelines/stages/network/unpack_body.hpp"

#include <doctest/doctest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using tests::ScriptedServer;
using namespace std::string_literals;

namespace {

std::string gzip(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(text.size() + 1000, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string answer(const std::string& body, const std::string& fields) {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

const std::string kJson = R"({"items":[{"id":1}]})";
const std::string kEncoded = "Content-Encoding: gzip\r\n";

Ran read(const std::string& body, const std::string& fields, const std::string& fetch = "",
         const std::string& rest = "write json include=body") {
  const ScriptedServer server([&](const std::string&) { return answer(body, fields); });
  return run_spec("urls " + server.url("/x") + " | fetch retry=0 " + fetch + " | " + rest);
}

}  // namespace

TEST_CASE("unpack_body: a coding that nobody asked for is taken off for who reads the body") {
  CHECK(read(gzip(kJson), kEncoded).lines[0].text("body") == kJson);
  CHECK(read(gzip(kJson), "Content-Encoding: x-gzip\r\n").lines[0].text("body") == kJson);
  CHECK(read(zstd(kJson), "Content-Encoding: zstd\r\n").lines[0].text("body") == kJson);
  CHECK(read(zstd(gzip(kJson)), "Content-Encoding: gzip, zstd\r\n").lines[0].text("body") == kJson);
  const auto items = read(gzip(kJson), kEncoded, "", "each (.json.items[]) | write json");
  CHECK(items.lines[0]["meta"]["id"].GetInt() == 1);
}

TEST_CASE("unpack_body: a gzip or zstd file is read by what is in it, asked for compressed or not") {
  const std::string xml = "<urlset><url><loc>http://a.org/</loc></url></urlset>";
  const std::string rest = "extract xpath=\"//loc\" as=meta.l | write json";
  for (const char* how : {"", "compressed=true"}) {
    CAPTURE(how);
    CHECK(read(gzip(xml), "Content-Type: application/gzip\r\n", how).lines[0].text("body") == xml);
    CHECK(read(zstd(xml), "", how).lines[0].text("body") == xml);
    CHECK(read(gzip(gzip(xml)), kEncoded, how).lines[0].text("body") == xml);
    CHECK(read(gzip(xml), "Content-Type: application/x-gzip\r\n", how, rest).lines[0]["meta"]["l"].Size() ==
          1);
  }
}

TEST_CASE("unpack_body: a label that is wrong leaves the body as it came, and a broken body fails") {
  CHECK(read(kJson, kEncoded).lines[0].text("body") == kJson);
  CHECK(read(kJson, "Content-Encoding: br\r\n").lines[0].text("body") == kJson);
  CHECK(read(kJson, "Content-Encoding: nonsense\r\n").lines[0].text("body") == kJson);
  const auto cut = read(gzip(kJson).substr(0, 20), kEncoded);
  CHECK(cut.lines[0].error_code() == "bad_response");
  auto damaged = gzip(kJson);
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);
  CHECK(read(damaged, kEncoded).lines[0].error_code() == "bad_response");
}

TEST_CASE("unpack_body: more than body-limit is an error, and not held") {
  const std::string bomb = gzip(std::string(300'000, 'a'));
  for (const std::string& fields : {kEncoded, std::string()}) {
    CAPTURE(fields);
    const auto ran = read(bomb, fields, "body-limit=100k");
    CHECK(ran.lines[0].error_code() == "body_too_large");
    CHECK(ran.lines[0].error_message().find("body-limit") != std::string::npos);
    CHECK(read(bomb, fields, "body-limit=300k").lines[0].text("body").size() == 300'000);
  }
}

TEST_CASE("unpack_body: what is saved and hashed is what came, fused with the fetch or not") {
  const tests::TempDir directory;
  const std::string packed = gzip(kJson);
  for (const std::string& name : {std::string("fused"), std::string("later")}) {
    CAPTURE(name);
    const std::string where = name == "later" ? "where (.json.items[0].id == 1) | " : "";
    const auto ran =
        read(packed, kEncoded, "",
             where + "save \"" + (directory / name) + "\" | hash sha1 as=meta.s | write json include=body");
    CHECK(tests::read_file(directory / name) == packed);
    CHECK(ran.lines[0].text("body") == kJson);
    CHECK(ran.lines[0].number("size_download") == static_cast<double>(packed.size()));
  }
  CHECK(read(packed, kEncoded, "", "hash md5 | write json").lines[0]["meta"]["md5"].GetString() ==
        std::string(read(packed, "Content-Type: a/b\r\n", "", "hash md5 | write json")
                        .lines[0]["meta"]["md5"]
                        .GetString()));
}

TEST_CASE("body: it is decoded by the charset that was declared, for jq, templates and include=body") {
  const std::string html = "Content-Type: text/html; charset=iso-8859-1\r\n";
  const auto ran =
      read("<p>caf\xE9</p>", html, "",
           "set meta.t=(.body|test(\"caf\xC3\xA9\")) meta.b=\"{body}\" | write json include=body");
  CHECK(ran.lines[0].text("body") == "<p>caf\xC3\xA9</p>");
  CHECK(ran.lines[0]["meta"]["b"].GetString() == std::string("<p>caf\xC3\xA9</p>"));
  CHECK(ran.lines[0]["meta"]["t"].GetBool());
  CHECK(read("\x93x\x94", "Content-Type: text/plain\r\n").lines[0].text("body") ==
        "\xE2\x80\x9Cx\xE2\x80\x9D");
  CHECK(read("\xC3\xA9", "Content-Type: text/plain\r\n").lines[0].text("body") == "\xC3\xA9");
  CHECK(read("\xFF\xFEx\0"s, "").lines[0].text("body") == "x");
  const auto json = read("{\"k\":\"\xE9\"}", "Content-Type: application/json; charset=latin1\r\n", "",
                         "set meta.k=(.json.k) | write json");
  CHECK(json.lines[0]["meta"]["k"].GetString() == std::string("\xC3\xA9"));
}
