#include "pipelines/spec/arg_value.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

using Read = std::variant<BoundValue, ValueFault>;

Read read(const ArgRow& row, std::string text, ast::ValueKind kind = ast::ValueKind::word,
          bool secret = false) {
  PlainValue value;
  value.kind = kind;
  value.text = std::move(text);
  value.secret = secret;
  if (secret) value.origin = "secret:S";
  return read_value(row, value, "k=");
}

template <class T>
T good(const ArgRow& row, const std::string& text) {
  const auto result = read(row, text);
  REQUIRE(std::holds_alternative<BoundValue>(result));
  REQUIRE(std::holds_alternative<T>(std::get<BoundValue>(result).value));
  return std::get<T>(std::get<BoundValue>(result).value);
}

std::string fault(const Read& result) {
  REQUIRE(std::holds_alternative<ValueFault>(result));
  return std::get<ValueFault>(result).message;
}

ArgRow row(ArgType type) {
  ArgRow made;
  made.type = type;
  return made;
}

bool is_good(ArgType type, const std::string& text) {
  return std::holds_alternative<BoundValue>(read(row(type), text));
}

}  // namespace

TEST_CASE("read_value: numbers with their units") {
  CHECK(good<std::uint64_t>(row(ArgType::count), "50") == 50);
  CHECK(good<std::uint64_t>(row(ArgType::count), "100k") == 100'000);
  CHECK(good<std::uint64_t>(row(ArgType::count), "2M") == 2'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::size), "16MiB") == 16u << 20);
  CHECK(good<std::uint64_t>(row(ArgType::size), "10mb") == 10'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::duration), "250ms") == 250'000'000);
  CHECK(good<std::uint64_t>(row(ArgType::duration), "30") == 30 * kSecond);
  CHECK(good<double>(row(ArgType::rate), "120/min") == doctest::Approx(2.0));
  CHECK(good<double>(row(ArgType::fraction), "0.25") == 0.25);
  CHECK(good<double>(row(ArgType::fraction), "10%") == 0.1);
  CHECK(good<bool>(row(ArgType::flag), "true"));
  for (const char* text : {"", "-1", "1.5", "k", "99999999999999999999", "99999999999999999k", " 1"}) {
    CHECK_FALSE(is_good(ArgType::count, text));
  }
  for (const char* text : {"", ".", "%", "1.1", "101%", "-0.1", "1e-3", "nan", "0x1"}) {
    CHECK_FALSE(is_good(ArgType::fraction, text));
  }
}

TEST_CASE("read_value: statuses are codes, hundreds and ranges") {
  const auto ranges = good<std::vector<StatusRange>>(row(ArgType::statuses), "4xx,503,500-502");
  REQUIRE(ranges.size() == 3);
  CHECK(ranges[0].first == 400);
  CHECK(ranges[0].last == 499);
  CHECK(ranges[1].first == 503);
  CHECK(ranges[1].last == 503);
  CHECK(ranges[2].last == 502);
  for (const char* text :
       {"", "4x", "xx", "0xx", "99", "1000", "500-", "500-400", "4xx,", ",4xx", "4xx 5xx"}) {
    CHECK_FALSE(is_good(ArgType::statuses, text));
  }
}

TEST_CASE("read_value: lists have no empty entries, headers have a name") {
  CHECK(good<std::vector<std::string>>(row(ArgType::list), "a,b c,d") ==
        std::vector<std::string>{"a", "b c", "d"});
  for (const char* text : {"", ",", "a,", ",a", "a,,b"}) CHECK_FALSE(is_good(ArgType::list, text));
  for (const char* text : {"Accept: x", "X-Empty;", "Host:"}) CHECK(is_good(ArgType::header, text));
  for (const char* text : {"", "Accept", ": x", "A b: c", "A: b\r\nC: d"}) {
    CHECK_FALSE(is_good(ArgType::header, text));
  }
}

TEST_CASE("read_value: a range is said in the largest unit that fits") {
  auto made = row(ArgType::duration);
  made.least = 1'000'000;
  made.most = 90 * 60 * kSecond;
  CHECK(fault(read(made, "2h")) == "k= takes a time from 1ms to 90min, not \"2h\"");
  made.most = UINT64_MAX;
  CHECK(fault(read(made, "1us")) == "k= takes a time of at least 1ms, not \"1us\"");
  made = row(ArgType::size);
  made.most = 3u << 20;
  CHECK(fault(read(made, "4MiB")) == "k= takes a size of at most 3MiB, not \"4MiB\"");
  made = row(ArgType::count);
  made.least = 1;
  CHECK(takes(made) == "a whole number of at least 1");
}

TEST_CASE("read_value: a word may be one of the choices, a text in quotes never is") {
  auto made = row(ArgType::temp);
  made.choices = kFormats;
  const auto word = std::get<BoundValue>(read(made, "csv"));
  CHECK(word.choice);
  CHECK_FALSE(word.quoted);
  const auto text = std::get<BoundValue>(read(made, "csv", ast::ValueKind::quoted));
  CHECK_FALSE(text.choice);
  CHECK(text.quoted);
  CHECK(std::holds_alternative<BoundValue>(read(made, "x{url}")));
  CHECK(fault(read(made, "cvs")) ==
        "k= takes json, csv or tsv, or a template in double quotes, not \"cvs\"; did you mean \"csv\"?");
  made = row(ArgType::word);
  made.choices = kScopes;
  CHECK(std::get<BoundValue>(read(made, "site")).choice);
  CHECK(fault(read(made, "site", ast::ValueKind::quoted))
            .starts_with("k= takes host, site or any, not \"site\""));
}

TEST_CASE("read_value: an embedded text is checked, and its fault has a place") {
  auto made = row(ArgType::jq);
  made.check = no_percents;
  const auto result = read(made, ".a %% 2", ast::ValueKind::jq);
  REQUIRE(std::holds_alternative<ValueFault>(result));
  CHECK(std::get<ValueFault>(result).offset == 3);
  CHECK(fault(result) == "\"%%\" makes no sense");
  CHECK(fault(read(made, " \n", ast::ValueKind::jq)) == "k= takes a jq program in ( … ), not an empty one");
}

TEST_CASE("read_value: a secret is in no message, and is no template") {
  const std::string secret = "hunter2{x}";
  for (int i = 0; i < static_cast<int>(ArgType::block); ++i) {
    auto made = row(static_cast<ArgType>(i));
    made.check = [](const std::string& text) -> std::optional<TextFault> { return TextFault{0, text}; };
    const auto result = read(made, secret, ast::ValueKind::word, true);
    if (const auto* wrong = std::get_if<ValueFault>(&result)) {
      CAPTURE(i);
      CHECK(wrong->message.find("hunter2") == std::string::npos);
    } else {
      CHECK(std::get<BoundValue>(result).secret);
    }
  }
  const auto literal = std::get<BoundValue>(read(row(ArgType::temp), secret, ast::ValueKind::word, true));
  CHECK(std::get<std::string>(literal.value) == "hunter2{{x}}");
  const auto plain = std::get<BoundValue>(read(row(ArgType::text), secret, ast::ValueKind::word, true));
  CHECK(std::get<std::string>(plain.value) == secret);
}
