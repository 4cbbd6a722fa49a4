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

std::string fault(const Read& result) {
  REQUIRE(std::holds_alternative<ValueFault>(result));
  return std::get<ValueFault>(result).message;
}

ArgRow row(ArgType type) {
  ArgRow made;
  made.type = type;
  return made;
}

}  // namespace

TEST_CASE("read_value: a word may be one of the choices, but a text in quotes may not") {
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

TEST_CASE("read_value: an embedded text is checked, and its error has a place") {
  auto made = row(ArgType::jq);
  made.check = no_percents;
  const auto result = read(made, ".a %% 2", ast::ValueKind::jq);
  REQUIRE(std::holds_alternative<ValueFault>(result));
  CHECK(std::get<ValueFault>(result).offset == 3);
  CHECK(fault(result) == "\"%%\" makes no sense");
  CHECK(fault(read(made, " \n", ast::ValueKind::jq)) == "k= takes a jq program in ( … ), not an empty one");
}

TEST_CASE("read_value: a secret is in no message and is not a template") {
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
