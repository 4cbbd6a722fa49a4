#include "pipelines/expr/json.hpp"

#include <doctest/doctest.h>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cmath>
#include <random>
#include <regex>
#include <string>
#include <string_view>

#include "tests/pipelines/expr/program_generator.hpp"

using namespace leat::pipelines;

namespace {

std::string fault_of(const std::string& text) {
  JsonDoc doc;
  const auto fault = doc.parse(text);
  REQUIRE(fault.has_value());
  CHECK_FALSE(doc.root().exists());
  return std::to_string(fault->offset) + ": " + fault->message;
}

// Says whether the first half of a surrogate pair and another escape are there. RapidJSON takes both for one
// escape, and names the first if the other is wrong.
bool begins_pair(std::string_view text, std::size_t at) {
  static const std::regex pair(R"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u)");
  return at < text.size() && std::regex_search(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                               pair, std::regex_constants::match_continuous);
}

int order(const std::string& a, const std::string& b) {
  JsonDoc left;
  JsonDoc right;
  REQUIRE_FALSE(left.parse(a));
  REQUIRE_FALSE(right.parse(b));
  return JsonValue::compare(left.root(), right.root());
}

}  // namespace

TEST_CASE("JsonDoc: values are unchanged slices of the text") {
  const std::string text = R"( {"a":[1e2,-0.0,12345678901234567890],"b":{"c":"x y"},"d":null} )";
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(text));
  const auto root = doc.root();
  CHECK(root.kind() == JsonKind::object);
  CHECK(root.get("a").raw() == "[1e2,-0.0,12345678901234567890]");
  CHECK(root.get("a").at(0).raw() == "1e2");
  CHECK(root.get("a").at(-1).raw() == "12345678901234567890");
  CHECK(root.get("b").get("c").raw() == "\"x y\"");
  CHECK(root.get("b").get("c").text() == "x y");
  CHECK(root.get("d").exists());
  CHECK(root.get("d").is(JsonKind::null));
}

TEST_CASE("JsonValue: a missing value is absent, and acts like null") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(R"({"a":[1]})"));
  for (const auto value : {doc.root().get("b"), doc.root().get("a").at(1), doc.root().get("a").at(-2),
                           doc.root().at(0), doc.root().get("a").get("b"), JsonValue()}) {
    CHECK_FALSE(value.exists());
    CHECK(value.is(JsonKind::null));
    CHECK_FALSE(value.truthy());
    CHECK(value.raw() == "null");
  }
  CHECK(JsonValue::null().exists());
}

TEST_CASE("JsonDoc: a text that is not JSON is refused with the place of the fault") {
  CHECK(fault_of("").rfind("0: ", 0) == 0);
  CHECK(fault_of("{\"a\":1,}").rfind("7: ", 0) == 0);
  CHECK(fault_of("[1] 2").rfind("4: ", 0) == 0);
  CHECK(fault_of("[01]").rfind("2: ", 0) == 0);
  CHECK(fault_of("\"a\xFF\"") == "2: is not UTF-8");
  CHECK(fault_of("\"a\nb\"").rfind("2: ", 0) == 0);
  CHECK(fault_of(std::string("1\0 x", 4)).rfind("1: ", 0) == 0);
  CHECK(fault_of(std::string("\"a\0\"", 4)).rfind("2: ", 0) == 0);
  CHECK(fault_of("\"abcdefghijklmnop").rfind("17: ", 0) == 0);
  CHECK(fault_of("\"abcdefgh\x1Fijklmnop\"").rfind("9: ", 0) == 0);
}

TEST_CASE("JsonDoc: it accepts and refuses the same texts as RapidJSON's reader, at the same place") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  ProgramGenerator generate(seed);
  constexpr std::string_view kBytes = "\"\\u{}[],:0-e. \n\x01tn";
  JsonDoc doc;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = generate.input();
    for (auto left = random() % 3; left > 0 && !text.empty(); --left) {
      const auto at = random() % text.size();
      if (random() % 2 == 0) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, kBytes[random() % kBytes.size()]);
      }
    }
    CAPTURE(text);
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::BaseReaderHandler<> ignore;
    rapidjson::Reader reader;
    constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
    const auto result = reader.Parse<kFlags>(stream, ignore);
    const auto fault = doc.parse(text);
    const bool limited = result.Code() == rapidjson::kParseErrorNumberTooBig ||
                         result.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
    if (limited) {  // these are RapidJSON's own limits
      if (fault && fault->message != "is not UTF-8") CHECK(fault->offset > result.Offset());
      continue;
    }
    REQUIRE(fault.has_value() == result.IsError());
    if (!fault) CHECK(doc.root().raw().find_last_not_of(" \r\n\t") != std::string::npos);
    if (!fault || fault->message == "is not UTF-8") continue;
    const bool second = result.Code() == rapidjson::kParseErrorStringUnicodeEscapeInvalidHex &&
                        begins_pair(text, result.Offset());
    CHECK(fault->offset == result.Offset() + (second ? 6 : 0));
  }
}

TEST_CASE("JsonDoc: half a surrogate pair becomes U+FFFD, in the text too") {
  const std::string cut = R"(["cut \ud83d","\ude00x","\ud83d\ud83d\ude00","\\ud83d","\ud83d\n"])";
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(cut));
  CHECK(doc.root().compact() == R"(["cut \ufffd","\ufffdx","\ufffd\ud83d\ude00","\\ud83d","\ufffd\n"])");
  CHECK(doc.root().at(0).text() == "cut \xEF\xBF\xBD");
  CHECK(doc.root().at(2).text() == "\xEF\xBF\xBD😀");
  CHECK(doc.text() == doc.root().raw());
  JsonDoc moved = std::move(doc);
  CHECK(moved.root().at(1).text() == "\xEF\xBF\xBDx");
  CHECK(fault_of(R"("\ud83d\uzzzz")").rfind("7: ", 0) == 0);
}

TEST_CASE("JsonDoc: bytes that are not UTF-8 become U+FFFD if that is asked for") {
  constexpr auto kReplace = JsonDoc::BadBytes::replace;
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse("{\"caf\xE9\":\"\xFF\xFEx\"}", kReplace));
  CHECK(doc.root().compact() == "{\"caf\uFFFD\":\"\uFFFD\uFFFDx\"}");
  // A fault behind them is where it was in the text that was given.
  for (const std::string text : {"[\"\xE9\xE9\",]", "[\"\xE9\" 1", "[\xE9", "{\"\xFF\":\xFF}"}) {
    std::string ascii = text;
    for (char& c : ascii) c = static_cast<unsigned char>(c) > 0x7F ? '!' : c;
    const auto fault = doc.parse(text, kReplace);
    const auto expected = doc.parse(ascii);
    CAPTURE(ascii);
    REQUIRE((fault && expected));
    CHECK(fault->offset == expected->offset);
    CHECK(fault->message == expected->message);
  }
}

TEST_CASE("JsonDoc: a number of any size stays as it is") {
  const std::string long_one(5000, '7');
  for (const std::string& number :
       {std::string("1e400"), std::string("-1E+999999999999"), std::string("1e-400"), long_one,
        "0." + long_one, "1" + long_one + "e" + long_one}) {
    JsonDoc doc;
    const std::string text = "[" + number + "]";
    REQUIRE_FALSE(doc.parse(text));
    CHECK(doc.root().at(0).raw() == number);
  }
}

TEST_CASE("JsonDoc: depth is limited, as in jq") {
  JsonDoc doc;
  CHECK_FALSE(doc.parse(std::string(256, '[') + std::string(256, ']')));
  CHECK(fault_of(std::string(257, '[') + std::string(257, ']')) == "257: is nested deeper than 256");
  CHECK(fault_of(std::string(1'000'000, '[')) == "257: is nested deeper than 256");
}

TEST_CASE("JsonDoc: a BOM before the text is skipped, but counted in the place of a fault") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse("\xEF\xBB\xBF{\"a\":1}"));
  CHECK(doc.root().get("a").raw() == "1");
  CHECK(fault_of("\xEF\xBB\xBF{").rfind("4: ", 0) == 0);
}

TEST_CASE("JsonDoc: parsing again forgets the text before") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse("[1,2,3]"));
  REQUIRE_FALSE(doc.parse("{\"a\":2}"));
  CHECK(doc.root().raw() == "{\"a\":2}");
  CHECK(doc.parse("{"));
  CHECK_FALSE(doc.root().exists());
}

TEST_CASE("JsonValue: if a key occurs twice, its last value counts, in the first place") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(R"({"a":1,"b":2,"\u0061":3,"c":4,"b":5})"));
  const auto root = doc.root();
  CHECK(root.get("a").raw() == "3");
  CHECK(root.size() == 3);
  CHECK(root.has_duplicate_keys());
  std::string seen;
  for (const auto& member : root.distinct_members()) {
    seen += member.key.text() + std::string(member.value.raw()) + " ";
  }
  CHECK(seen == "a3 b5 c4 ");
}

TEST_CASE("JsonValue: escapes are decoded, and half a surrogate pair is U+FFFD") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(R"(["\"\\\/\b\f\n\r\t","\u00e9\u20AC\ud83d\ude00\u0000x","plain"])"));
  CHECK(doc.root().at(0).text() == "\"\\/\b\f\n\r\t");
  CHECK(doc.root().at(1).text() == std::string("é€😀\0x", 11));
  std::string scratch = "untouched";
  CHECK(doc.root().at(2).text(scratch) == "plain");
  CHECK(scratch == "untouched");
  CHECK(doc.root().at(0).says("\"\\/\b\f\n\r\t"));
  CHECK(doc.root().at(2).says("plain"));
  CHECK_FALSE(doc.root().at(2).says("plai"));
}

TEST_CASE(
    "JsonValue: written on one line, white space between tokens is dropped, but that in strings stays") {
  JsonDoc doc;
  REQUIRE_FALSE(
      doc.parse("{ \"a b\" : [ 1 , \"x \\\" y\",\n\ttrue ], \"c\": { }, \"d\":[\r\n],\"e\":[1,2]}\n"));
  CHECK(doc.root().compact() == R"({"a b":[1,"x \" y",true],"c":{},"d":[],"e":[1,2]})");
  CHECK(doc.root().get("a b").compact() == R"([1,"x \" y",true])");
  CHECK(doc.root().get("c").compact() == "{}");
  CHECK(doc.root().get("e").compact() == "[1,2]");
}

TEST_CASE("JsonValue: numbers are doubles, and infinite beyond their range") {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse("[1e2,-0,9e308,-9e308,1e-999,5e-324,0.1,12345678901234567890]"));
  const auto number = [&](int i) { return doc.root().at(i).number(); };
  CHECK(number(0) == 100.0);
  CHECK(std::signbit(number(1)));
  CHECK(std::isinf(number(2)));
  CHECK(number(3) < 0);
  CHECK(std::isinf(number(3)));
  CHECK(number(4) == 0.0);
  CHECK(number(5) == 5e-324);
  CHECK(number(6) == 0.1);
  CHECK(number(7) == 12345678901234567168.0);
  const std::string tiny = "0." + std::string(400, '0') + "1";
  REQUIRE_FALSE(doc.parse(tiny));
  CHECK(doc.root().number() == 0.0);
}

TEST_CASE("JsonValue: values are ordered as in jq") {
  const std::string ascending[] = {"null",      "false",
                                   "true",      "-1e9",
                                   "0",         "1",
                                   "1.5",       "9e308",
                                   "\"\"",      "\"a\"",
                                   "\"b\"",     "\"\\u00e9\"",
                                   "\"😀\"",     "[]",
                                   "[0]",       "[0,1]",
                                   "[1]",       "[\"a\"]",
                                   "{}",        "{\"a\":1}",
                                   "{\"a\":2}", "{\"a\":1,\"b\":1}",
                                   "{\"b\":0}"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      CAPTURE(ascending[i]);
      CAPTURE(ascending[j]);
      CHECK(order(ascending[i], ascending[j]) == (i < j ? -1 : i > j ? 1 : 0));
    }
  }
  CHECK(order("[1.0,\"\\u0061\",{\"a\":1,\"b\":2}]", "[1 , \"a\", {\"b\":2e0,\"a\":7,\"a\":1}]") == 0);
}
