#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// Generates programs of the native subset, some of them damaged, and JSON texts in which they find
/// something. Some numbers are written as jq 1.6 would not write them. Every variable is bound.
class ProgramGenerator {
 public:
  explicit ProgramGenerator(std::uint64_t seed) : random_(seed) {}

  std::string program() {
    bound_.clear();
    std::string text = chance(5) ? variables() + pipe(0) : pipe(0);
    if (chance(20)) text.erase(below(text.size()), 1);
    if (chance(20)) text.insert(below(text.size() + 1), 1, pick(std::string_view(" .|,()[]?\"#-/a1=")));
    return text;
  }

  std::string input() { return chance(8) ? scalar() : chance(4) ? array(0) : object(0); }

 private:
  using Words = std::span<const std::string_view>;

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  char pick(std::string_view from) { return from[below(from.size())]; }
  std::string pick_word(Words words) { return std::string(words[below(words.size())]); }
  std::string blank() { return chance(12) ? (chance(8) ? " # c\n" : " ") : ""; }

  std::string variables() {
    std::string text;
    for (const char* name : {"$v", "$w"}) {
      if (chance(3)) continue;
      text += (chance(2) ? key() : literal()) + " as " + name + blank() + "|" + blank();
      bound_.emplace_back(name);
    }
    return text;
  }

  // Programs, from the loosest binding to the tightest.
  std::string pipe(int depth) {
    std::string text = comma(depth);
    while (depth < 4 && chance(3)) text += blank() + "|" + blank() + comma(depth + 1);
    return text;
  }
  std::string comma(int depth) {
    std::string text = alternative(depth);
    while (depth < 4 && chance(8)) text += blank() + "," + blank() + alternative(depth + 1);
    return text;
  }
  std::string alternative(int depth) {
    std::string text = logic(depth);
    while (depth < 4 && chance(7)) text += " //" + blank() + logic(depth + 1);
    return text;
  }
  std::string logic(int depth) {
    std::string text = comparison(depth);
    while (depth < 4 && chance(6)) text += (chance(2) ? " and " : " or ") + comparison(depth + 1);
    return text;
  }
  std::string comparison(int depth) {
    static constexpr std::array<std::string_view, 6> kSigns{"==", "!=", "<", "<=", ">", ">="};
    std::string text = sum(depth);
    if (chance(4)) text += blank() + pick_word(kSigns) + blank() + sum(depth + 1);
    return text;
  }
  std::string sum(int depth) {
    std::string text = postfix(depth);
    while (depth < 4 && chance(7)) text += blank() + "+" + blank() + postfix(depth + 1);
    return text;
  }
  std::string postfix(int depth) {
    std::string text = term(depth);
    if (chance(20)) text = "try " + text + (chance(2) ? " catch " + term(depth + 1) : "");
    return text + (chance(25) ? blank() + "?" : "");
  }

  std::string condition(int depth) {
    std::string text = "if " + pipe(depth + 1) + " then " + pipe(depth + 1);
    if (chance(4)) text += " elif " + pipe(depth + 1) + " then " + pipe(depth + 1);
    return text + " else " + pipe(depth + 1) + " end";
  }
  std::string bound(int depth) {
    const std::string name = chance(2) ? "$v" : "$w";
    std::string text = term(depth + 1) + " as " + name + blank() + "| " + (chance(2) ? name + " | " : "");
    bound_.push_back(name);
    text += pipe(depth + 1);
    bound_.pop_back();
    return text;
  }
  std::string text(int depth) {
    static constexpr std::array<std::string_view, 6> kFormats{"", "", "@json ", "@uri ", "@text ", "@csv "};
    std::string text = pick_word(kFormats) + "\"";
    do {
      text += chance(2) ? "" : chance(2) ? "a-\\n" : "é\\u0061";
      text += "\\(" + (chance(3) ? "[" + pipe(depth + 1) + "]" : pipe(depth + 1)) + ")";
    } while (chance(3));
    return text + (chance(2) ? "" : "/x") + "\"";
  }

  std::string term(int depth) {
    switch (below(depth > 4 ? 6 : 13)) {
      case 10:
        return "(" + condition(depth) + ")";
      case 11:
        return chance(2) ? "(" + bound(depth) + ")" : text(depth);
      case 12:
        return function(depth);
      case 0:
        return !bound_.empty() && chance(3) ? bound_[below(bound_.size())] : literal();
      case 1:
        return function(depth);
      case 6:
        return "(" + pipe(depth + 1) + ")";
      case 7:
        return chance(8) ? "[]" : "[" + pipe(depth + 1) + "]";
      case 8:
        return construction(depth);
      default:
        return path();
    }
  }

  std::string path() {
    if (chance(10)) return ".";
    std::string text = first_step();
    while (chance(2)) text += step();
    return text;
  }
  std::string name() {
    static constexpr std::array<std::string_view, 8> kNames{"a", "b", "c", "d", "and", "_x1", "items", "zz"};
    return pick_word(kNames);
  }
  std::string key() {
    static constexpr std::array<std::string_view, 9> kKeys{
        "\"a\"", "\"b\"",         "\"a b\"",
        "\"\"",  "\"\\u00e9\"",   "\"é\"",
        "\"c\"", "\"x\\\"y\\n\"", "\"a key of more than thirty bytes\""};
    return pick_word(kKeys);
  }
  std::string question() { return chance(5) ? "?" : ""; }
  std::string bracket() {
    static constexpr std::array<std::string_view, 8> kInside{"", "", "0", "-1", "1", " 2 ", "- 2", "99"};
    return "[" + (chance(3) ? key() : pick_word(kInside)) + "]" + question();
  }
  std::string first_step() {
    if (chance(4)) return "." + bracket();
    return "." + (chance(5) ? key() : name()) + question();
  }
  std::string step() {
    if (chance(3)) return bracket();
    return blank() + "." + (chance(6) ? key() : name()) + question();
  }

  std::string literal() {
    static constexpr std::array<std::string_view, 27> kLiterals{"null",
                                                                "true",
                                                                "false",
                                                                "0",
                                                                "1",
                                                                "-1",
                                                                "2.5",
                                                                "2.50",
                                                                "1e2",
                                                                "100",
                                                                "0.1",
                                                                "1e-07",
                                                                "1e-7",
                                                                "1E5",
                                                                "007",
                                                                "\"\"",
                                                                "\"a\"",
                                                                "\"é\\u00e9\"",
                                                                "\"x y\"",
                                                                "\"\\n\"",
                                                                "12345678901234567000",
                                                                "12345678901234567890",
                                                                "\"b\\\"\\\\\"",
                                                                "\"\\ud83d\\ude00\"",
                                                                "- 3",
                                                                "-0",
                                                                "123456789.125"};
    return pick_word(kLiterals);
  }

  std::string function(int depth) {
    static constexpr std::array<std::string_view, 20> kPlain{
        "not",  "length",   "empty",  "not",  "keys",           "keys_unsorted", "to_entries",
        "add",  "tostring", "tojson", "type", "ascii_downcase", "ascii_upcase",  "first",
        "last", "@csv",     "@tsv",   "@uri", "@json",          "values"};
    static constexpr std::array<std::string_view, 6> kOfText{"startswith", "endswith", "ltrimstr",
                                                             "rtrimstr",   "split",    "join"};
    static constexpr std::array<std::string_view, 10> kNumbers{
        "\"12\"", "\" 1.5e+300 \"", "\"-0.5\"",  "\"abc\"", "\"a b\"",
        "\"\"",   "\"1 2\"",        "\"x\\ny\"", "\"tru\"", "[1]"};
    switch (below(14)) {
      case 6:
        return "map(" + pipe(depth + 1) + ")";
      case 7:
        return (chance(2) ? "first(" : "last(") + pipe(depth + 1) + ")";
      case 8:
        return pick_word(kOfText) + "(" + (chance(2) ? word() : pipe(depth + 1)) + ")";
      case 9:
        return "(" + pick_word(kNumbers) + " | tonumber)";
      case 10:
        return "del(" + place(depth) + ")";
      case 11:
        return "has(" + pipe(depth + 1) + ")";
      case 0:
        return "select(" + pipe(depth + 1) + ")";
      case 1:
        return "test(" + blank() + pattern() + ")";
      case 2:
        return "test(" + simple_pattern() + blank() + "; \"i\")";
      case 3:
        return (chance(2) ? "startswith(" : "endswith(") + word() + ")";
      case 4:
        return "has(" + key() + ")";
      default:
        return pick_word(kPlain);
    }
  }
  std::string place(int depth) {
    std::string text = path();
    if (chance(4)) text += " | select(" + pipe(depth + 1) + ")";
    if (chance(4)) text += " | " + path();
    if (chance(3)) text += ", " + place(depth + 1);
    return text;
  }
  std::string word() {
    static constexpr std::array<std::string_view, 8> kWords{"\"\"",  "\"a\"",   "\"ab\"",      "\"é\"",
                                                            "\"x\"", "\"\\n\"", "\"\\u0001\"", "\"http://\""};
    return pick_word(kWords);
  }
  std::string pattern() {
    static constexpr std::array<std::string_view, 24> kAtoms{
        "a",     "b",        "é",    ".",      "[a-c]",     "[^a]",  "\\\\.",   "(ab|x)",
        "(?:a)", "[0-9_.-]", "x",    " ",      "[^0-9a-f]", "\\\\/", "(a(b)*)", "/",
        "-",     ":",        "[-a]", "[A-Z ]", "\\\\$",     "\\\\^", "😀",       "\\\\|"};
    static constexpr std::array<std::string_view, 12> kQuantifiers{"",   "",   "",    "*",     "+",    "?",
                                                                   "+?", "*?", "{2}", "{1,2}", "{0,}", "??"};
    std::string text = "\"";
    do {
      if (chance(5)) text += '^';
      do {
        text += pick_word(kAtoms) + pick_word(kQuantifiers);
      } while (chance(2));
      if (chance(5)) text += '$';
    } while (chance(6) && (text += '|', true));
    return text + "\"";
  }
  std::string simple_pattern() {
    static constexpr std::array<std::string_view, 18> kAtoms{"a", "B", "k",      "s", "x",  "[a-c]",
                                                             ".", "i", "[K-Z]",  "h", "j",  "f",
                                                             "t", "n", "(ab|X)", "w", "ss", "1"};
    std::string text = "\"";
    do {
      text += pick_word(kAtoms);
      if (chance(5)) text += pick("*+?");
    } while (chance(2));
    return text + (chance(5) ? "$" : "") + "\"";
  }

  std::string construction(int depth) {
    if (chance(10)) return "{}";
    std::string text = "{" + blank();
    for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) {
      if (i > 0) text += "," + blank();
      const auto kind = below(10);
      text += kind < 2    ? key()
              : kind == 2 ? "(" + (chance(3) ? key() + "," : "") + path() + ")"
              : kind == 3 ? "\"a\\(.a)\""
                          : name();
      if (kind != 2 && kind != 3 && chance(4)) continue;
      text += ":" + blank() + term(depth + 1);
      if (chance(8)) text += "|" + term(depth + 1);
    }
    return text + "}";
  }

  // Inputs.
  std::string space() { return chance(15) ? pick_word(kSpaces) : ""; }
  static constexpr std::array<std::string_view, 4> kSpaces{" ", "\n", "\t ", "\r\n"};

  std::string scalar() {
    static constexpr std::array<std::string_view, 50> kScalars{"null",
                                                               "true",
                                                               "false",
                                                               "0",
                                                               "1",
                                                               "-1",
                                                               "7",
                                                               "1.0",
                                                               "1e2",
                                                               "2.50",
                                                               "1E+2",
                                                               "12345678901234567890",
                                                               "1e-7",
                                                               "1.5e305",
                                                               "0.00001",
                                                               "1e17",
                                                               "123456789012345678",
                                                               "-1.5e300",
                                                               "100",
                                                               "2.5",
                                                               "-0",
                                                               "0.1",
                                                               "12345678901234567000",
                                                               "1e-07",
                                                               "4e-310",
                                                               "1.5e+305",
                                                               "123456789.125",
                                                               "1e-05",
                                                               "1e+17",
                                                               "-1.5e+300",
                                                               "\"\"",
                                                               "\"a\"",
                                                               "\"ab\"",
                                                               "\"x y\"",
                                                               "\"\\u0061\"",
                                                               "\"é\"",
                                                               "\"\\u00e9\"",
                                                               "\"a\\nb\"",
                                                               "\"a\\n\"",
                                                               "\"\\\"q\\\\\\/\\b\\f\\u0001\\u007f\"",
                                                               "\"ß ſ K ﬁ ﬆ İ ẖ ǰ ẗ ẘ ẙ ẚ ŉ\"",
                                                               "\"http://a.org/x-1_2.html\"",
                                                               "\"\\ud83d\\ude00\"",
                                                               "\"a😀😀😀😀😀\"",
                                                               "\"K\"",
                                                               "\"ß\"",
                                                               "\"ABX\"",
                                                               "\"\\u0000a\"",
                                                               "\"aaaaaaaaaaaaaaaaaaaaaaa\"",
                                                               "\"ééééééééééééé\""};
    return pick_word(kScalars);
  }
  std::string value(int depth) {
    if (depth > 3 || chance(2)) return scalar();
    return chance(2) ? array(depth + 1) : object(depth + 1);
  }
  std::string array(int depth) {
    std::string text = "[" + space();
    for (std::size_t i = 0, count = below(4); i < count; ++i) {
      if (i > 0) text += "," + space();
      text += value(depth) + space();
    }
    return text + "]";
  }
  std::string object(int depth) {
    std::string text = "{" + space();
    for (std::size_t i = 0, count = below(6); i < count; ++i) {
      if (i > 0) text += "," + space();
      text += (chance(4) ? key() : "\"" + name() + "\"") + space() + ":" + space() + value(depth) + space();
    }
    return text + "}";
  }

  std::mt19937_64 random_;
  std::vector<std::string> bound_;  // the variables that the place that is being written sees
};

}  // namespace leat::pipelines
