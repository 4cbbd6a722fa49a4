#include <doctest/doctest.h>

extern "C" {
#include <jq.h>
}

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/native_program.hpp"
#include "tests/pipelines/expr/program_generator.hpp"

#ifdef LEAT_SANITIZED
// libjq 1.6 sometimes loses a string of its input while it runs a program.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libjq\n"; }
#endif

using namespace leat;
using namespace leat::pipelines;

namespace {

struct JqCloser {
  void operator()(jq_state* state) const { jq_teardown(&state); }
};
using Jq = std::unique_ptr<jq_state, JqCloser>;

Jq compiled(const std::string& program) {
  Jq jq(jq_init());
  REQUIRE(jq != nullptr);
  jq_set_error_cb(
      jq.get(), [](void*, jv message) { jv_free(message); }, nullptr);
  if (jq_compile(jq.get(), program.c_str()) == 0) return nullptr;
  return jq;
}

std::string text_of(jv value) {
  jv dumped = jv_dump_string(value, 0);
  std::string text(jv_string_value(dumped),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(dumped))));
  jv_free(dumped);
  return text;
}

// Gives the items of the program's one output, which is an array.
std::vector<std::string> items_of(jq_state* jq, const std::string& input) {
  jv parsed = jv_parse_sized(input.data(), static_cast<int>(input.size()));
  REQUIRE(jv_is_valid(parsed));
  jq_start(jq, parsed, 0);
  jv result = jq_next(jq);
  REQUIRE(jv_get_kind(result) == JV_KIND_ARRAY);
  std::vector<std::string> items;
  const int size = jv_array_length(jv_copy(result));
  for (int i = 0; i < size; ++i) items.push_back(text_of(jv_array_get(jv_copy(result), i)));
  jv_free(result);
  return items;
}

// Gives what the program gives as the array that jq is made to give for it: the outputs, then the error, if
// any.
std::string native_result(const NativeProgram& program, JsonValue input, NativeProgram::Scratch& scratch,
                          bool by_fields) {
  std::string out = "[";
  const auto add = [&](JsonValue value) {
    if (out.size() > 1) out += ',';
    value.append_to(out);
  };
  JsonInput fields(input);
  const auto error = by_fields ? program.run(fields, scratch, add) : program.run(input, scratch, add);
  if (error) {
    CHECK(error->code == Errc::filter_error);
    if (out.size() > 1) out += ',';
    out += "{\"error\":" + json_text(error->message) + "}";
  }
  out += ']';
  CHECK(out.find('\n') == out.npos);
  jv parsed = jv_parse_sized(out.data(), static_cast<int>(out.size()));
  REQUIRE_MESSAGE(jv_is_valid(parsed), out);
  return text_of(parsed);
}

std::string joined(const std::vector<std::string>& programs) {
  std::string all = "[";
  for (const auto& program : programs) {
    if (all.size() > 1) all += ",\n";
    all += "[try (" + program + "\n) catch {error: .}]";
  }
  return all + "]";
}

std::string dumped(const std::string& json) {
  jv value = jv_parse_sized(json.data(), static_cast<int>(json.size()));
  REQUIRE_MESSAGE(jv_is_valid(value), json);
  return text_of(value);
}

// Gives the program with its numbers as jq writes them, also those that are the whole of a string, which
// tonumber may read.
std::string respelled(std::string program) {
  auto tokens = jq_tokens(program);
  std::reverse(tokens.begin(), tokens.end());
  for (const auto& token : tokens) {
    const std::size_t quote = token.kind == JqTokenKind::text ? 1 : 0;
    if (token.end - token.begin <= 2 * quote) continue;
    const auto text = program.substr(token.begin + quote, token.end - token.begin - 2 * quote);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end == text.c_str() ||
        text.find_first_not_of(' ', static_cast<std::size_t>(end - text.c_str())) != text.npos)
      continue;
    jv literal = jv_parse(text.c_str());  // 1.7 writes those other than the numbers it has calculated
    if (!jv_is_valid(literal)) {
      jv_free(literal);
      literal = jv_number(number);
    }
    program.replace(token.begin + quote, text.size(), text_of(literal));
  }
  return program;
}

// Says whether the pair can tell 2.50 from 2.5, which are one number: by a text of it, or by a message. A
// number that a double does not hold is not added, whatever becomes of the message.
bool shows_spelling(const std::string& program, const std::string& input, const std::string& expected) {
  const auto has = [&](const char* word) { return program.find(word) != std::string::npos; };
  constexpr const char* kBeyondDouble = "123456789012345678";  // begins all that the generator has
  return has("@") || has("\\(") || has("tostring") || has("tojson") || has("join") || has("catch") ||
         expected.find("{\"error\":") != std::string::npos || has(kBeyondDouble) ||
         input.find(kBeyondDouble) != std::string::npos;
}

// Says whether the pair may add up integers of which jq has lost the last digits, and we have not.
bool may_add_beyond_double(const std::string& program, const std::string& input) {
  const auto beyond = [](const std::string& text) { return text.find("123456789012345678") != text.npos; };
  return (beyond(program) || beyond(input)) &&
         (program.find('+') != program.npos || program.find("add") != program.npos);
}

// Says whether what jq gives is what the program gives for the same numbers as jq writes them. jq 1.6 loses
// how a number was written, and we do not.
bool agrees_respelled(const std::string& program, const std::string& input, const std::string& expected,
                      NativeProgram::Scratch& scratch) {
  const auto again = NativeProgram::compile(respelled(program));
  const std::string text = dumped(input);
  JsonDoc doc;
  REQUIRE(again);
  REQUIRE_FALSE(doc.parse(text));
  return native_result(*again, doc.root(), scratch, false) == expected;
}

// What is wrong with a text that tonumber can't read is said in other words than jq's parser has.
std::string without_parse_reason(const std::string& result) {
  static const std::regex reason(R"("[^"]* \(while parsing)");
  return std::regex_replace(result, reason, "\"(while parsing");
}

struct Batch {
  std::vector<std::string> texts;
  std::vector<NativeProgram> programs;
  Jq jq;
};

Batch make_batch(ProgramGenerator& generate, std::size_t size, std::size_t& tried) {
  Batch batch;
  while (batch.texts.size() < size) {
    const std::string text = generate.program();
    // In jq 1.6 `try`, with `catch` or without, also catches how first() ends its argument, which then goes
    // on.
    if (text.find("first(") != text.npos && text.find("try") != text.npos) continue;
    ++tried;
    auto program = NativeProgram::compile(text);
    if (!program) continue;
    batch.texts.push_back(text);
    batch.programs.push_back(std::move(*program));
  }
  batch.jq = compiled(joined(batch.texts));
  if (!batch.jq) {
    for (const auto& text : batch.texts) CHECK_MESSAGE(compiled(text) != nullptr, "jq refuses: " << text);
  }
  REQUIRE(batch.jq != nullptr);
  return batch;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

// The programs are the same in each run, so that a failure says something of the change that it comes with.
// LEAT_JQ_SEED=N tries others, and LEAT_JQ_PAIRS=1000000 more of them.
TEST_CASE("NativeProgram: generated programs agree with jq on generated inputs, messages included") {
  constexpr std::size_t kPrograms = 100;  // jq 1.6 takes no more functions and variables than 4095 at once
  constexpr std::size_t kInputs = 20;
  const std::uint64_t pairs = from_environment("LEAT_JQ_PAIRS", 20'000);
  const std::uint64_t seed = from_environment("LEAT_JQ_SEED", 1);
  CAPTURE(seed);
  MESSAGE("seed " << seed);
  ProgramGenerator generate(seed);
  NativeProgram::Scratch scratch;
  JsonDoc doc;
  std::size_t tried = 0;
  std::size_t inside = 0;
  std::size_t errors = 0;
  std::size_t respelled = 0;
  unsigned wrong = 0;
  for (std::uint64_t done = 0; done < pairs && wrong < 10;) {
    const Batch batch = make_batch(generate, kPrograms, tried);
    inside += batch.texts.size();
    for (std::size_t i = 0; i < kInputs; ++i) {
      const std::string input = generate.input();
      REQUIRE_MESSAGE(!doc.parse(input), input);
      const auto expected = items_of(batch.jq.get(), input);
      REQUIRE(expected.size() == batch.texts.size());
      for (std::size_t j = 0; j < expected.size(); ++j, ++done) {
        const bool by_fields = doc.root().is(JsonKind::object) && (i + j) % 2 == 0;
        const auto got = native_result(batch.programs[j], doc.root(), scratch, by_fields);
        errors += expected[j].find("{\"error\":") != std::string::npos ? 1 : 0;
        if (got == expected[j] || without_parse_reason(got) == without_parse_reason(expected[j])) continue;
        if (may_add_beyond_double(batch.texts[j], input) ||
            (shows_spelling(batch.texts[j], input, expected[j]) &&
             agrees_respelled(batch.texts[j], input, expected[j], scratch))) {
          ++respelled;
          continue;
        }
        ++wrong;
        FAIL_CHECK("program " << batch.texts[j] << "\ninput   " << input << "\njq      " << expected[j]
                              << "\nnative  " << got);
      }
    }
  }
  MESSAGE(inside << " of " << tried << " programs inside the subset, " << errors << " pairs with errors, "
                 << respelled << " that show how a number is written");
  CHECK(inside * 3 > tried * 2);  // nearly three quarters
  CHECK(respelled * 20 < pairs);
}
