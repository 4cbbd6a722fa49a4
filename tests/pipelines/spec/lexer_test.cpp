#include "pipelines/spec/lexer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

/// A lexer over one text, with the errors that it finds.
struct Reading {
  explicit Reading(const std::string& text)
      : source(sources.add("spec", text)), faults(sources), lexer(sources.text(source), source, faults) {}

  SourceTexts sources;
  std::uint32_t source;
  FaultList faults;
  Lexer lexer;
};

// The values of a text, separated by blanks; damaged ones are shown as "!".
std::vector<std::string> values(const std::string& text) {
  Reading reading(text);
  std::vector<std::string> found;
  for (;;) {
    reading.lexer.skip_blanks();
    const char c = reading.lexer.peek();
    if (reading.lexer.at_end() || std::string_view("|;{})").find(c) != std::string_view::npos) return found;
    const auto value = reading.lexer.value();
    found.push_back(value.damaged ? "!" + value.text : value.text);
  }
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("Lexer: a word ends at a blank and at | { } ( ) ; and a quote") {
  CHECK(values("a b\tc\nd\re") == Values{"a", "b", "c", "d", "e"});
  for (const char* end : {"|", "}", ")", ";", "(", "\""}) CHECK(values(std::string("ab") + end)[0] == "ab");
  CHECK(values("http://h:8/p?a=1&b=2#x a=b $x env:N 50/s 4xx,5xx 'x' \\d") ==
        Values{"http://h:8/p?a=1&b=2#x", "a=b", "$x", "env:N", "50/s", "4xx,5xx", "'x'", "\\d"});
}

TEST_CASE("Lexer: a brace that directly follows a word belongs to it, up to its partner") {
  CHECK(values("http://h/{a,b}/[1-3] out/{host}/{name} x{{a}}y") ==
        Values{"http://h/{a,b}/[1-3]", "out/{host}/{name}", "x{{a}}y"});
  CHECK(values("?a=1&b={x}") == Values{"?a=1&b={x}"});
  CHECK(values("a}") == Values{"a"});
  CHECK(values("a{b} }") == Values{"a{b}"});
}

TEST_CASE("Lexer: an unclosed brace in a word is an error, and is read as a block from there on") {
  Reading reading("tee{ a }");
  CHECK(reading.lexer.value().damaged);
  CHECK(reading.lexer.peek() == '{');
  CHECK_FALSE(reading.faults.empty());
}

TEST_CASE("Lexer: a text in quotes has its escapes decoded, and may contain newlines") {
  CHECK(values("\"a b\" \"\\\"|{(\" \"a\nb\"") == Values{"a b", "\"|{(", "a\nb"});
  CHECK(values("\"\\d\" x") == Values{"!d", "x"});
  CHECK(values("\"never closed") == Values{"!"});
  CHECK(values("\"ends in a backslash\\") == Values{"!"});
  CHECK(values("\"\\\"") == Values{"!"});
}

TEST_CASE("Lexer: the end of a jq program is found with knowledge of its strings and comments") {
  CHECK(values("(.a) ((.a) | (.b)) ()") == Values{".a", "(.a) | (.b)", ""});
  CHECK(values(R"~((.a == ")") x)~") == Values{R"~(.a == ")")~", "x"});
  CHECK(values(R"~(("\\") "\")~") == Values{R"~("\\")~", "!"});
  CHECK(values(R"~(("\"(") x)~") == Values{R"~("\"(")~", "x"});
  CHECK(values("(.a # ) \"\n) x") == Values{".a # ) \"\n", "x"});
}

TEST_CASE("Lexer: jq's strings may contain programs, which may contain strings") {
  CHECK(values(R"~(("a\(.b + "c\(.d | ")")e")f") x)~") == Values{R"~("a\(.b + "c\(.d | ")")e")f")~", "x"});
  CHECK(values("(\"\\(.a # \"\n)\") x") == Values{"\"\\(.a # \"\n)\"", "x"});
}

TEST_CASE("Lexer: anything that is not closed is an error at its beginning") {
  const auto column = [](const std::string& text) {
    Reading reading(text);
    static_cast<void>(reading.lexer.value());
    CHECK(reading.lexer.stopped());
    const auto faults = reading.faults.take();
    REQUIRE(faults.shown.size() == 1);
    return faults.shown[0].column;
  };
  CHECK(column("\"abc") == 1);
  CHECK(column("(.a") == 1);
  CHECK(column("((.a)") == 1);
  CHECK(column("(.a == \"b)") == 8);
  CHECK(column("(\"\\(.a\"") == 7);
  CHECK(column("(\"a\\(.b") == 1);
}

TEST_CASE("Lexer: a key is a name directly followed by =") {
  const auto key = [](const std::string& text) { return Reading(text).lexer.key().has_value(); };
  CHECK(key("n=3"));
  CHECK(key("on-error={"));
  CHECK(key("meta.userId_2=("));
  CHECK_FALSE(key("n = 3"));
  CHECK_FALSE(key("http://h/x=1"));
  CHECK_FALSE(key("?a=1"));
  CHECK_FALSE(key("a/b=1"));
  CHECK_FALSE(key("N=1"));
  CHECK_FALSE(key("2n=1"));
  CHECK_FALSE(key("=1"));
  CHECK_FALSE(key("n"));
}

TEST_CASE("Lexer: # after a blank starts a comment, and within a word does not") {
  Reading reading("# one\n  # two  \r\na#b # three");
  reading.lexer.skip_blanks();
  auto comments = reading.lexer.take_comments();
  REQUIRE(comments.size() == 2);
  CHECK(comments[0].text == "# one");
  CHECK(comments[1].text == "# two");
  CHECK(comments[1].own_line);
  CHECK(reading.lexer.value().text == "a#b");
  reading.lexer.skip_blanks();
  comments = reading.lexer.take_comments();
  REQUIRE(comments.size() == 1);
  CHECK(comments[0].text == "# three");
  CHECK_FALSE(comments[0].own_line);
  CHECK(reading.lexer.at_end());
}

TEST_CASE("Lexer: spans include quotes and parentheses") {
  Reading reading("ab \"c\" (.d)");
  const auto span = [&] {
    reading.lexer.skip_blanks();
    const auto at = reading.lexer.value().span;
    return std::pair(at.begin, at.end);
  };
  CHECK(span() == std::pair(0u, 2u));
  CHECK(span() == std::pair(3u, 6u));
  CHECK(span() == std::pair(7u, 11u));
}

TEST_CASE("is_let_name: a name is a letter or _, then letters, digits, _ and -") {
  for (const char* name : {"a", "_", "cap-2", "A_b"}) CHECK(is_let_name(name));
  for (const char* name : {"", "2a", "-a", "a.b", "a b", "ä"}) CHECK_FALSE(is_let_name(name));
}
