#include "pipelines/extract/xml_document.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat::pipelines;

namespace {

std::string xml(std::string_view body, std::string xpath) {
  return extracted({{Extractor::Language::xpath, std::move(xpath), "", false}}, body, "text/xml");
}

}  // namespace

TEST_CASE("XmlDocument: a text that is not well-formed is an error with its line") {
  CHECK(xml("<a>\n<b></a>", "//b").starts_with("error: the body is not well-formed XML: line 2: "));
  CHECK(xml("", "//b").starts_with("error: the body is not well-formed XML"));
  CHECK(xml("no markup", "//b").starts_with("error: "));
  CHECK(xml("<a>\xFF</a>", "string(//a)") == "[\"\xC3\xBF\"]");
  CHECK(xml("\n <?xml version='1.0'?><a>x</a>\n", "string(//a)") == R"(["x"])");
}

TEST_CASE("XmlDocument: leniently, what is wrong is passed over, and a text without an element is an error") {
  const auto lenient = [](std::string_view body, std::string xpath) {
    return extracted({{Extractor::Language::xpath, std::move(xpath), "", false, true}}, body, "text/xml");
  };
  CHECK(lenient("<a><b>1</a>", "//b") == R"(["1"])");
  CHECK(lenient("<a><b>1 & 2</b><b>3</a>", "//b") == R"(["1 2","3"])");
  CHECK(lenient("<a>x&nbsp;y</a>", "//a") == R"(["xy"])");
  CHECK(lenient("<a>1</a><a>2</a>", "//a") == R"(["1"])");
  CHECK(lenient("<a><b>1", "//b") == R"(["1"])");
  CHECK(lenient("<a><b>1</b></a>", "//b") == R"(["1"])");
  CHECK(lenient("", "//b").starts_with("error: the body is not well-formed XML"));
  CHECK(lenient("no markup", "//b").starts_with("error: the body is not well-formed XML"));
  CHECK(lenient("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;<b></a>", "string(//a)")
            .find("root") == std::string::npos);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK(lenient(deep, "count(//a)").size() < 100);
  CHECK(extracted({{Extractor::Language::css, "b", "", false, true}}, "<a><b>1</a>", "text/xml") ==
        R"(["1"])");
}

TEST_CASE("XmlDocument: declared entities are not expanded, and external ones are not fetched") {
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 'ha'>";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&e" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY e" + std::to_string(i) + " '" + before + before + before + before + "'>";
  }
  bomb += "]><a>&e29;<b x='&e29;'>y</b></a>";
  CHECK(xml(bomb, "string(//a)").size() < 200);
  CHECK(xml(bomb, "string(//a)").find("haha") == std::string::npos);
  CHECK(xml("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>", "string(//a)").find("root") ==
        std::string::npos);
  CHECK(xml("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a>x</a>", "string(//a)") == R"(["x"])");
}

TEST_CASE("XmlDocument: deep XML is refused without a crash") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK(xml(deep, "//a").starts_with("error: "));
}

TEST_CASE(
    "XmlDocument: the encoding is that of the content type, of the byte order mark or of the declaration") {
  CHECK(xml("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>", "string(/a)") == "[\"\xC3\xA4\"]");
  CHECK(extracted({{Extractor::Language::xpath, "string(/a)", "", false}},
                  "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4\xEE</a>",
                  "text/xml; charset=koi8-r") == "[\"\xD0\x94\xD0\x9D\"]");
  // Names that browsers know and libxml2 does not, and one that nobody knows.
  CHECK(xml("<?xml version='1.0' encoding='koi8_r'?><a>\xE4\xEE</a>", "string(/a)") ==
        "[\"\xD0\x94\xD0\x9D\"]");
  CHECK(xml("<?xml version='1.0' encoding='x-sjis'?><a>\x82\xA0</a>", "string(/a)") == "[\"\xE3\x81\x82\"]");
  CHECK(xml("<?xml version='1.0' encoding='no-such'?><a>\xC3\xA4</a>", "string(/a)") == "[\"\xC3\xA4\"]");
  using namespace std::string_literals;
  CHECK(xml("\xFF\xFE<\0a\0>\0\xE4\0<\0/\0a\0>\0"s, "string(/a)") == "[\"\xC3\xA4\"]");
}
