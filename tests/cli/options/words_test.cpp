#include "cli/options/words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/text/shell_word.hpp"

using leat::cli::split_words;
using leat::text::shell_word;
using leat::text::single_quoted;

namespace {

using Words = std::vector<std::string>;

Words words(std::string_view command) {
  auto split = split_words(command);
  REQUIRE_MESSAGE(split.ok(), split.error().message);
  return *split;
}

std::string fault(std::string_view command) {
  const auto split = split_words(command);
  return split.ok() ? "" : split.error().message;
}

}  // namespace

TEST_CASE("split_words: any number of blanks and line ends separate words") {
  CHECK(words("a") == Words{"a"});
  CHECK(words("  cp -a\t{filename} \n /x  ") == Words{"cp", "-a", "{filename}", "/x"});
}

TEST_CASE("split_words: quotes keep blanks, join the text beside them, and may be empty") {
  CHECK(words("a 'b c' \"d e\"") == Words{"a", "b c", "d e"});
  CHECK(words("a'b'\"c\"d") == Words{"abcd"});
  CHECK(words("a '' \"\"") == Words{"a", "", ""});
  CHECK(words(R"('a\b"c')") == Words{R"(a\b"c)"});
}

TEST_CASE("split_words: backslashes quote a character as in a shell") {
  CHECK(words(R"(a\ b \\ \'x)") == Words{"a b", "\\", "'x"});
  CHECK(words(R"("a\"b\\c\$d\`e\n")") == Words{R"(a"b\c$d`e\n)"});
  CHECK(words("a\\\nb \"c\\\nd\"") == Words{"ab", "cd"});
}

TEST_CASE("split_words: nothing is expanded") {
  CHECK(words("echo $HOME ~ * a|b ; x>y `z` #c") ==
        Words{"echo", "$HOME", "~", "*", "a|b", ";", "x>y", "`z`", "#c"});
}

TEST_CASE("split_words: an unclosed quote is refused, and so is an empty text") {
  CHECK(fault("a 'b") == "a ' is not closed");
  CHECK(fault("a \"b") == "a \" is not closed");
  CHECK(fault("a \"b\\\"") == "a \" is not closed");
  CHECK(fault("a \\") == "there is no character after the last backslash");
  CHECK(fault("") == "a command is missing");
  CHECK(fault(" \t") == "a command is missing");
}

TEST_CASE("shell_word: a word with anything that a shell knows is quoted, and split_words gives it back") {
  CHECK(shell_word("http://h:1/a-b_c.d,e=f+g%20@x") == "http://h:1/a-b_c.d,e=f+g%20@x");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("it's") == R"('it'\''s')");
  for (const std::string word : {"", "'", "a b", "$x", "~", "a\\b", "a\nb", "\"", "é"})
    CHECK(words(shell_word(word)) == Words{word});
}

TEST_CASE("single_quoted: any text is in quotes, and split_words gives it back") {
  CHECK(single_quoted("a") == "'a'");
  CHECK(single_quoted("it's") == R"('it'\''s')");
  for (const std::string text : {"", "'", "a b", "$x", "a\\b", "a\nb", "\"", "é"})
    CHECK(words(single_quoted(text)) == Words{text});
}
