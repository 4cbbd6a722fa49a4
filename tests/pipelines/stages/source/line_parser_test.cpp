#include "pipelines/stages/source/line_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat;
using namespace leat::pipelines;

namespace {

RecordPtr parsed(std::string_view line, std::uint64_t number) {
  JsonDoc doc;
  return parse_line(line, number, doc);
}

RecordPtr record_of(std::string_view line, std::uint64_t number = 5) {
  auto record = parsed(line, number);
  REQUIRE(record);
  return record;
}

Error error_of(std::string_view line) {
  const auto record = record_of(line);
  CAPTURE(line);
  REQUIRE(record->failed());
  CHECK(record->outcome == Outcome::failed);
  CHECK(record->error->stage == "lines");
  CHECK(record->line == 5);
  return *record->error;
}

}  // namespace

TEST_CASE("Lines: a URL may have blanks, a BOM and a carriage return around it") {
  for (const char* line : {"http://a.org/", "  http://a.org/\t", "http://a.org/\r"}) {
    const auto record = record_of(line);
    CHECK_FALSE(record->failed());
    CHECK(record->request.url == "http://a.org/");
    CHECK(record->line == 5);
  }
  CHECK(record_of("\xEF\xBB\xBFhttp://a.org/", 1)->request.url == "http://a.org/");
  CHECK(record_of("\xEF\xBB\xBF{\"url\":\"http://a.org/\"}", 1)->request.url == "http://a.org/");
}

TEST_CASE("Lines: of a line that can't be read, no part of a password is kept, however long it is") {
  const std::string user = "http://u:" + std::string(300, 's') + "@";
  for (const std::string& line :
       {user + "a.org/\xFF", user + "a.org/ x", user + "a.org/ x\t" + user + "b.org/",
        "{\"url\":\"" + user + "a.org/\",\"method\":\"a b\"}"}) {
    const auto record = record_of(line);
    CHECK(record->failed());
    CHECK(record->input.starts_with("http://a.org/"));
    CHECK(record->input.find("ss") == std::string::npos);
  }
  CHECK(too_long_line(user + "a.org/", 5)->input == "http://a.org/");
  CHECK(parse_url_argument(user + "a.org/ x")->input == "http://a.org/ x");
}

TEST_CASE("Lines: blank lines and comments are no records") {
  for (const char* line : {"", " ", "\t\r", "#", "# http://a.org/", "  # x", "#\xFF"}) {
    CHECK(parsed(line, 5) == nullptr);
  }
  CHECK(parsed("\xEF\xBB\xBF", 1) == nullptr);
  CHECK(parsed("\xEF\xBB\xBF# x", 1) == nullptr);
}

TEST_CASE("Lines: a line that can't be text is bad_input with its number") {
  CHECK(error_of(std::string_view("http://a\0b/", 11)).code == Errc::bad_input);
  CHECK(error_of("http://a/\xFF").code == Errc::bad_input);
  CHECK(error_of("http://a/\xFF").message.rfind("line 5 is not UTF-8", 0) == 0);
  const auto record = too_long_line("http://u:secret@a.org/xxxx", 5);
  CHECK(record->error->code == Errc::bad_input);
  CHECK(record->error->message == "line 5 is longer than 1048576 bytes");
  CHECK(record->input.find("secret") == std::string::npos);
}

TEST_CASE("Lines: a malformed URL has the codes of the URL check") {
  CHECK(error_of("http://a b/").code == Errc::bad_url);
  CHECK(error_of("http://a/\x01").code == Errc::bad_url);
  CHECK(error_of("ftp://a/").code == Errc::unsupported_scheme);
}

TEST_CASE("Lines: an object may have every field") {
  const auto record = record_of(
      R"({"url":"http://a.org/x","method":"PUT","headers":{"X-A":"1","X-B":""},"body":"b\u0000\u00e9",)"
      R"("output":"{host}.bin","sha256":"ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",)"
      R"("mirrors":["http://b.org/"],"meta": {"n":1.50,"big":12345678901234567890123,"a":[1,{"b":"}"}]} })");
  REQUIRE_MESSAGE(!record->failed(), record->error->message);
  CHECK(record->request.method == "PUT");
  CHECK(record->request.headers == std::vector<std::string>{"X-A: 1", "X-B: "});
  CHECK(record->request.body == std::string("b\0\xC3\xA9", 4));
  CHECK(record->output == "{host}.bin");
  CHECK(record->expected.find(DigestKind::sha256) ==
        "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789");
  CHECK(record->mirrors == std::vector<std::string>{"http://b.org/"});
  CHECK(record->meta == R"({"n":1.50,"big":12345678901234567890123,"a":[1,{"b":"}"}]})");
}

TEST_CASE("Lines: meta stays unchanged, whatever it is") {
  for (const char* meta :
       {"null", "true", "-0.0", "\"a\\u00e9\\n\"", "[]", "{}", "[[1],[2, 3]]", "{\"url\":5}"}) {
    CAPTURE(meta);
    const auto record = record_of("{\"meta\" :  " + std::string(meta) + " , \"url\":\"http://a.org/\"}");
    REQUIRE_MESSAGE(!record->failed(), record->error->message);
    CHECK(record->meta == meta);
    CHECK(record->request.url == "http://a.org/");
  }
}

TEST_CASE("Lines: headers may be an array") {
  const auto record = record_of(R"({"url":"http://a.org/","headers":["X-A: 1","X-A: 2"]})");
  CHECK(record->request.headers == std::vector<std::string>{"X-A: 1", "X-A: 2"});
}

TEST_CASE("Lines: a wrong field is named together with what it takes, and its value is not shown") {
  struct Row {
    const char* line;
    const char* message;
  };
  for (const auto& [line, message] : {
           Row{R"({"url":5})", "\"url\" takes text"},
           Row{R"({"url":null})", "\"url\" takes text"},
           Row{R"({"url":["x"]})", "\"url\" takes text"},
           Row{R"({"url":{"x":1}})", "\"url\" takes text"},
           Row{R"({})", "\"url\" is missing"},
           Row{R"({"meta":1})", "\"url\" is missing"},
           Row{R"({"url":"http://a/","method":"G T"})", "\"method\" takes a word such as GET"},
           Row{R"({"url":"http://a/","method":""})", "\"method\" takes a word such as GET"},
           Row{R"({"url":"http://a/","headers":"X: 1"})",
               "\"headers\" takes an object of names and texts, or an array of \"Name: value\""},
           Row{R"({"url":"http://a/","headers":{"X":1}})",
               "\"headers\" takes an object of names and texts, or an array of \"Name: value\""},
           Row{R"({"url":"http://a/","headers":[["X"]]})",
               "\"headers\" takes an object of names and texts, or an array of \"Name: value\""},
           Row{R"({"url":"http://a/","mirrors":{"a":"b"}})", "\"mirrors\" takes an array of URLs"},
           Row{R"({"url":"http://a/","mirrors":[1]})", "\"mirrors\" takes an array of URLs"},
           Row{R"({"url":"http://a/","sha256":"abc"})", "\"sha256\" takes 64 hex digits, as text"},
           Row{R"({"url":"http://a/","output":"{nmae}"})",
               "\"output\": column 2: no field {nmae}; did you mean {name}?"},
           Row{R"({"url":"http://a/","body":{}})", "\"body\" takes text"},
           Row{R"({"url":"http://a/","url":"http://b/"})", "\"url\" is given twice"},
           Row{R"({"url":"http://a/","header":{}})", "no field \"header\"; did you mean \"headers\"?"},
       }) {
    const auto error = error_of(line);
    CHECK(error.code == Errc::bad_input);
    CHECK(error.message == message);
  }
  CHECK(error_of(R"({"url":"http://a/","zzzzzzz":1})").message.find("there are url method") !=
        std::string::npos);
}

TEST_CASE("Lines: broken JSON is bad_input, and nothing of it is shown") {
  for (const char* line :
       {"{", "{\"url\"", "{\"url\":\"http://u:secret@a/\"", "{\"url\":\"http://a/\"} x", "{'url':1}",
        "{\"url\":\"\\ud80\"}", "{\"url\":\"http://a/\",}", "{\"url\":\"a\tb\"}"}) {
    const auto record = record_of(line);
    REQUIRE(record->failed());
    CHECK(record->error->code == Errc::bad_input);
    CHECK(record->error->message.rfind("not JSON at byte ", 0) == 0);
    CHECK(record->input.find("secret") == std::string::npos);
    CHECK(record->error->message.find("secret") == std::string::npos);
  }
}

TEST_CASE("Lines: a megabyte of brackets does not overflow the stack") {
  CHECK(error_of("{\"meta\":" + std::string(1'000'000, '[')).code == Errc::bad_input);
  CHECK(error_of(std::string(1'000'000, '{')).code == Errc::bad_input);
}

TEST_CASE("Lines: an object that is nested as deep as jq reads is accepted, and a deeper one is refused") {
  const auto nested = [](std::size_t depth) {
    return "{\"url\":\"http://a.org/\",\"meta\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(record_of(nested(255))->meta.size() == 510);
  CHECK(error_of(nested(256)).message.find("is nested deeper than 256") != std::string::npos);
}

TEST_CASE("Lines: names and values may be written with escapes") {
  const auto record = record_of(R"({"\u0075rl":"http:\/\/a.org\/","headers":{"X-\u0041":"\u0031"}})");
  CHECK(record->request.url == "http://a.org/");
  CHECK(record->request.headers == std::vector<std::string>{"X-A: 1"});
}

TEST_CASE("Lines: headers, URL and mirrors of an object are checked") {
  CHECK(error_of(R"({"url":"ftp://a/"})").code == Errc::unsupported_scheme);
  CHECK(error_of(R"({"url":"http://a/","headers":{"X":"a\r\nY: b"}})").code == Errc::bad_input);
  CHECK(error_of(R"({"url":"http://a/","headers":["no colon\n"]})").code == Errc::bad_input);
  CHECK(error_of(R"({"url":"http://a/","mirrors":["ftp://b/"]})").code == Errc::unsupported_scheme);
}

TEST_CASE("URL arguments are checked like lines and have no line number") {
  const auto good = parse_url_argument("http://a.org/");
  CHECK_FALSE(good->failed());
  CHECK(good->line == 0);
  const auto bad = parse_url_argument("ftp://a/");
  REQUIRE(bad->failed());
  CHECK(bad->error->stage == "urls");
  CHECK(parse_url_argument("\xFF")->error->code == Errc::bad_input);
}

TEST_CASE("Lines: a URL may stand in quotes or angle brackets") {
  CHECK(record_of("<http://a.org/>")->request.url == "http://a.org/");
  CHECK(error_of("<a href=\"http://a.org/\">").code == Errc::bad_url);
  CHECK(record_of("\"http://a.org/\"")->request.url == "http://a.org/");
  CHECK(record_of("'http://a.org/'")->request.url == "http://a.org/");
  CHECK(record_of("\"http:\\/\\/a.org\\/\"")->request.url == "http://a.org/");
  CHECK(error_of("\"http://a.org/").code == Errc::bad_input);
  CHECK(error_of("\"http://a.org/\",\"x\"").code == Errc::bad_input);
  CHECK(error_of("\"ftp://a.org/\"").code == Errc::unsupported_scheme);
}

TEST_CASE("Lines: a first line that names the columns of a table says how tables are read") {
  for (const char* heading : {"url,name", "URL;name", "Url\tname\tsize"}) {
    CAPTURE(heading);
    const auto record = record_of(heading, 1);
    REQUIRE(record->failed());
    CHECK(record->error->code == Errc::bad_input);
    CHECK(record->error->message.find("--input-format csv") != std::string::npos);
  }
  CHECK_FALSE(record_of("url.example/a,b")->failed());
}

TEST_CASE("Lines: a tab and a name behind a URL name its file, and other URLs are its mirrors") {
  const auto named = record_of("http://a.org/x?y=1\t sub/{1}.bin ");
  CHECK_FALSE(named->failed());
  CHECK(named->request.url == "http://a.org/x?y=1");
  CHECK(named->output == "sub/{{1}}.bin");
  const auto mirrored = record_of("http://a.org/x\thttp://b.org/x\tx.bin\t");
  CHECK(mirrored->mirrors == std::vector<std::string>{"http://b.org/x"});
  CHECK(mirrored->output == "x.bin");
  CHECK(error_of("http://a.org/x\ta\tb").message.find("--input-format tsv") != std::string::npos);
  CHECK(error_of("http://a.org/x\tdir/").code == Errc::bad_input);
  CHECK(error_of("a b\tname").code == Errc::bad_url);
}

TEST_CASE("Lines: what other formats have in their lists is recognised, and the way to read it named") {
  CHECK(error_of("  out=file.bin").message.find("--input-format aria2") != std::string::npos);
  CHECK(error_of("\tmax-connection-per-server=4").message.find("aria2") != std::string::npos);
  CHECK(error_of("[\"http://a.org/\"]").message.find("--input-format json") != std::string::npos);
  CHECK(error_of(std::string_view("h\0t\0", 4)).message.find("UTF-16") != std::string::npos);
  CHECK(error_of("[a page](http://a.org/)").message.find("is a link of Markdown") != std::string::npos);
  CHECK_FALSE(record_of("  http://a.org/?x=1")->failed());
}
