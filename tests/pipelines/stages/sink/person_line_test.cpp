#include "pipelines/stages/sink/person_line.hpp"

#include <doctest/doctest.h>

#include "engine/text/columns.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Record record_of(const std::string& url, int status) {
  Record record;
  record.request.url = url;
  record.response.emplace();
  record.response->head.status = status;
  record.response->size_download = 4096;
  record.response->time_total = 0.35;
  return record;
}

}  // namespace

TEST_CASE("person_line: a result is its status, size, time and URL, then its file") {
  Record record = record_of("http://me:pw@a.org/x", 200);
  CHECK(person_line(record, {}) == "200     4.1 kB   0.35 s  http://a.org/x");
  record.filename = "out/x";
  CHECK(person_line(record, {}) == "200     4.1 kB   0.35 s  http://a.org/x → out/x");
  LineStyle ascii;
  ascii.utf8 = false;
  record.filename = "out/grün";
  CHECK(person_line(record, ascii) == "200     4.1 kB   0.35 s  http://a.org/x -> out/gr?n");
}

TEST_CASE("person_line: it says why a record has failed, or was skipped") {
  Record failed;
  failed.request.url = "http://a.org/x";
  failed.fail(Error(Errc::connect_refused, "nobody listens"), "fetch");
  CHECK(person_line(failed, {}) ==
        "fail         -        -  http://a.org/x  connect_refused: nobody listens");
  LineStyle coloured;
  coloured.coloured = true;
  CHECK(person_line(failed, coloured) ==
        "\x1b[31mfail\x1b[39m         -        -  http://a.org/x\x1b[31m  connect_refused: nobody "
        "listens\x1b[39m");
  Record there;
  there.request.url = "http://a.org/x";
  there.outcome = Outcome::skipped;
  there.filename = "x";
  CHECK(person_line(there, {}) == "skip         -        -  http://a.org/x → x  is there already");
  there.digests.put(DigestKind::sha256, std::string(64, 'a'));
  CHECK(person_line(there, {}).ends_with("is there, and its checksum is right"));
}

TEST_CASE("person_line: it never fills the window, and the URL is cut before the reason") {
  Record record = record_of("http://a.org/" + std::string(100, 'x') + "水水水", 404);
  record.fail(Error(Errc::http_status, "404 Not Found"), "fetch");
  for (std::size_t columns = 10; columns < 200; ++columns) {
    CAPTURE(columns);
    LineStyle style;
    style.columns = columns;
    const std::string line = person_line(record, style);
    CHECK(text::columns_of(line) < columns);
    if (columns >= 50) CHECK(line.ends_with("http_status: 404 Not Found"));
  }
}

TEST_CASE(
    "person_line: a URL that is too long is cut in its middle, since its end tells it from its neighbours") {
  LineStyle style;
  style.columns = 40;
  CHECK(person_line(record_of("http://www.example.org/catalogue/pages/item-1234567.html", 200), style) ==
        "200   http://www.examp…tem-1234567.html");
  CHECK(person_line(record_of("http://a.org/" + std::string(40, 'x') + "水水水水水水水水水", 200), style) ==
        "200   http://a.org/xxx…水水水水水水水水");
  Record failed = record_of("http://www.example.org/item-1.html", 404);
  failed.fail(Error(Errc::http_status, "404 Not Found"), "fetch");
  CHECK(person_line(failed, style) == "fail  http:…1.html  http_status: 404 N…");
  style.utf8 = false;
  CHECK(person_line(record_of("http://www.example.org/catalogue/pages/item-1234567.html", 200), style) ==
        "200   http://www.exam..tem-1234567.html");
}

TEST_CASE("person_line: nothing of a server's can steer the terminal") {
  Record record = record_of("http://a.org/\x1b[31m\u202e", 200);
  record.fail(Error(Errc::bad_response, "\x1b]0;title\x07"), "fetch");
  const std::string line = person_line(record, {});
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find('\x07') == std::string::npos);
  CHECK(line.find("\u202e") == std::string::npos);
}
