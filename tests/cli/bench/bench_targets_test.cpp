#include "cli/bench/bench_targets.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat;
using namespace leat::cli;
using load::Target;
using load::TextPiece;
using load::TextPieces;

namespace {

// A readable form, with fields in angle brackets.
std::string shown(const TextPieces& pieces) {
  std::string text;
  for (const TextPiece& piece : pieces) {
    if (piece.kind == TextPiece::Kind::text) text += piece.text;
    if (piece.kind == TextPiece::Kind::seq) text += "<seq>";
    if (piece.kind == TextPiece::Kind::random) text += "<random>";
    if (piece.kind == TextPiece::Kind::column) text += "<" + std::to_string(piece.column) + ">";
  }
  return text;
}

std::vector<Target> targets_of(std::string_view text, const TargetDefaults& defaults = {}) {
  auto targets = read_targets(text, defaults);
  REQUIRE_MESSAGE(targets.ok(), targets.error().message);
  return std::move(*targets);
}

void check_refused(std::string_view text, const std::string& words) {
  const auto targets = read_targets(text, {});
  CAPTURE(text);
  REQUIRE_FALSE(targets.ok());
  CAPTURE(targets.error().message);
  CHECK(targets.error().message.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("bench targets: known names in braces are fields, other braces are text") {
  CHECK(shown(to_pieces("{\"a\": {seq}, \"b\": \"{random}\", \"c\": {name}}", {"id", "name"})) ==
        "{\"a\": <seq>, \"b\": \"<random>\", \"c\": <1>}");
  CHECK(shown(to_pieces("{{seq}} {seq", {})) == "{<seq>} {seq");
  CHECK(shown(to_pieces("", {})).empty());
  CHECK(shown(to_pieces("{}", {})) == "{}");
}

TEST_CASE("bench targets: it reads lines of URLs and objects, blank lines, comments, CRLF and a BOM") {
  const auto targets = targets_of(
      "\xEF\xBB\xBFhttp://a/1\r\n\n# no\n  b/2?x={seq}#f  \n"
      "{\"url\":\"http://c/"
      "\",\"method\":\"PUT\",\"headers\":{\"A\":\"{random}\"},\"body\":\"x\",\"weight\":0.5}\n"
      "{\"url\":\"http://d/\",\"headers\":[\"B: c\"]}");
  REQUIRE(targets.size() == 4);
  CHECK(targets[0].url == "http://a/1");
  CHECK(targets[0].path.empty());
  CHECK(shown(targets[1].path) == "/2?x=<seq>");
  CHECK(targets[2].method == "PUT");
  CHECK(shown(targets[2].headers[0]) == "A: <random>");
  CHECK(shown(targets[2].body) == "x");
  CHECK(targets[2].weight == 0.5);
  CHECK(shown(targets[3].headers[0]) == "B: c");
  CHECK(targets[3].method == "GET");
}

TEST_CASE("bench targets: what a line does not say is the same as for all targets") {
  TargetDefaults defaults;
  defaults.headers = {"X: all"};
  defaults.body = "all";
  const auto targets =
      targets_of("http://a/\n{\"url\":\"http://b/\",\"method\":\"PATCH\",\"body\":\"own\"}", defaults);
  CHECK(targets[0].method == "POST");
  CHECK(shown(targets[0].body) == "all");
  CHECK(shown(targets[0].headers[0]) == "X: all");
  CHECK(targets[1].method == "PATCH");
  CHECK(shown(targets[1].body) == "own");
}

TEST_CASE("bench targets: an error names a wrong line with its number") {
  check_refused("http://a/\nftp://b/\n", "line 2: scheme \"ftp\"");
  check_refused("\n{\"url\":\"http://a/\",\"wieght\":1}",
                "line 2: no field \"wieght\"; did you mean \"weight\"?");
  check_refused("{\"url\":\"http://a/\"", "line 1: not JSON");
  check_refused("{\"method\":\"GET\"}", "\"url\" is missing");
  check_refused("{\"url\":1}", "\"url\" takes text");
  for (const auto* weight : {"0", "-1", "\"2\"", "1e999"}) {
    check_refused("{\"url\":\"http://a/\",\"weight\":" + std::string(weight) + "}", "");
  }
  check_refused("{\"url\":\"http://a/\",\"headers\":{\"A\":1}}", "\"headers\" takes");
  check_refused("{\"url\":\"http://a/\",\"headers\":{\"A\":\"b\\r\\nC: d\"}}", "line 1");
  check_refused("{\"url\":\"http://a/\",\"method\":\"GE T\"}", "\"method\" takes");
  check_refused("http://a/{sq}", "there is no field {sq}");
  check_refused("http://a/{", "a { without its }");
  check_refused("http://a/{seq}/{uuid", "a { without its }");
  check_refused("http://{seq}/", "not in the host");
  check_refused("# nothing\n", "no target");
}

TEST_CASE("bench data: the first row names the columns, and the other rows have as many fields") {
  std::vector<std::string> columns;
  load::DataRows rows;
  CHECK_FALSE(read_data("id,name\r\n1,\"a, b\"\r\n2,c", columns, rows));
  CHECK(columns == std::vector<std::string>{"id", "name"});
  CHECK(rows == load::DataRows{{"1", "a, b"}, {"2", "c"}});
  columns.clear();
  rows.clear();
  CHECK_FALSE(read_data("id,b;\"x\n1,2\n3,4", columns, rows));
  CHECK(rows == load::DataRows{{"1", "2"}, {"3", "4"}});
  for (const auto* bad : {"", "id,name\n", "id,name\n1\n", "id\n\"a", "id,id\n1,2\n", "a,b,a\n1,2,3\n"}) {
    CAPTURE(bad);
    columns.clear();
    rows.clear();
    CHECK(read_data(bad, columns, rows));
  }
}

TEST_CASE("Targets: numbers of a range, UUIDs and the time are fields, and nothing near them is") {
  const auto pieces = to_pieces("{random:1..100}-{uuid}-{now}", {});
  REQUIRE(pieces.size() == 5);
  CHECK(pieces[0].kind == TextPiece::Kind::number);
  CHECK(pieces[0].lowest == 1);
  CHECK(pieces[0].highest == 100);
  CHECK(pieces[2].kind == TextPiece::Kind::uuid);
  CHECK(pieces[4].kind == TextPiece::Kind::now);
  for (const auto* bad :
       {"{random:}", "{random:1}", "{random:5..1}", "{random:-1..5}", "{random:1..x}", "{random:..}"}) {
    CAPTURE(bad);
    CHECK(to_pieces(bad, {}).size() == 1);
    check_refused(
        std::string("http://h/") + bad,
        std::string(bad) + ": takes two whole numbers, the smaller one first, as in {random:1..100}");
  }
}
