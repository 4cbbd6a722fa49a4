#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <limits>

#include "engine/text/utf8.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_stream.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

/// Writes the tape as RapidJSON's events come. An event doesn't say where its token starts: that is where the
/// token before it ended, plus blanks and a comma or colon.
class Indexer : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Indexer> {
 public:
  Indexer(std::string_view text, const JsonStream& stream, std::vector<JsonNode>& tape)
      : text_(text), stream_(stream), tape_(tape) {}

  [[nodiscard]] bool too_deep() const noexcept { return depth_ > JsonDoc::kMaxDepth; }

  bool Null() { return scalar(JsonKind::null); }
  bool Bool(bool value) { return scalar(value ? JsonKind::true_ : JsonKind::false_); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return scalar(JsonKind::number); }
  bool Key(const char*, rapidjson::SizeType size, bool) { return string(size); }
  bool String(const char*, rapidjson::SizeType size, bool) { return string(size); }
  bool StartObject() { return start(JsonKind::object); }
  bool StartArray() { return start(JsonKind::array); }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool EndArray(rapidjson::SizeType) { return end(); }

 private:
  struct Open {
    std::uint32_t node;
    std::uint32_t blanks;  // the number of blanks before it
  };

  // Gives the place where the next token starts.
  std::uint32_t token() noexcept {
    std::uint32_t at = last_;
    for (;; ++at) {
      const char c = text_[at];
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        ++blanks_;
      } else if (c != ',' && c != ':') {
        return at;
      }
    }
  }
  JsonNode& add(JsonKind kind, std::uint32_t end) {
    last_ = end;
    return tape_.emplace_back(JsonNode{0, end, 1, kind, 0});
  }
  bool scalar(JsonKind kind) {
    const auto begin = token();
    add(kind, static_cast<std::uint32_t>(stream_.Tell())).begin = begin;
    return true;
  }
  // An escape is always longer than the text that it stands for.
  bool string(std::size_t size) {
    const auto begin = token();
    JsonNode& node = add(JsonKind::string, static_cast<std::uint32_t>(stream_.Tell()));
    node.begin = begin;
    if (node.end - node.begin != size + 2) node.flags = JsonNode::kEscapes;
    return true;
  }
  bool start(JsonKind kind) {
    if (++depth_ > JsonDoc::kMaxDepth) return false;
    const auto begin = token();
    open_[depth_ - 1] = {static_cast<std::uint32_t>(tape_.size()), blanks_};
    add(kind, begin + 1).begin = begin;
    return true;
  }
  bool end() {
    const auto bracket = token();
    const Open& open = open_[--depth_];
    JsonNode& node = tape_[open.node];
    node.end = last_ = bracket + 1;
    node.span = static_cast<std::uint32_t>(tape_.size()) - open.node;
    if (blanks_ != open.blanks) node.flags = JsonNode::kBlanks;
    return true;
  }

  std::string_view text_;
  const JsonStream& stream_;
  std::vector<JsonNode>& tape_;
  std::uint32_t last_ = 0;
  std::uint32_t blanks_ = 0;
  unsigned depth_ = 0;
  Open open_[JsonDoc::kMaxDepth];
};

}  // namespace

struct JsonDoc::Parser {
  rapidjson::Reader reader;
};

JsonDoc::JsonDoc() = default;
JsonDoc::~JsonDoc() = default;
JsonDoc::JsonDoc(JsonDoc&&) noexcept = default;
JsonDoc& JsonDoc::operator=(JsonDoc&&) noexcept = default;

std::optional<TextFault> JsonDoc::parse(std::string_view text) {
  tape_.clear();
  const std::size_t skipped = text.starts_with(kBom) ? kBom.size() : 0;
  text.remove_prefix(skipped);
  text_ = text.data();
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return TextFault{0, "is larger than 4 GiB"};
  // All of it is checked at once, which is faster than RapidJSON's check of each character.
  if (const auto good = text::valid_utf8_prefix(text); good != text.size()) {
    return TextFault{good + skipped, "is not UTF-8"};
  }
  if (!parser_) parser_ = std::make_unique<Parser>();
  JsonStream stream(text);
  Indexer indexer(text, stream, tape_);
  // The recursive parser is faster than the iterative one; the indexer bounds the depth.
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag;
  const auto result = parser_->reader.Parse<kFlags>(stream, indexer);
  if (!result.IsError() && stream.Tell() == text.size()) return std::nullopt;
  tape_.clear();
  if (!result.IsError())
    // It met a NUL, which is the end of a text to it.
    return TextFault{stream.Tell() + skipped, "Invalid value."};
  const std::size_t at = result.Offset() + skipped;
  if (indexer.too_deep()) return TextFault{at, "is nested deeper than " + std::to_string(kMaxDepth)};
  return TextFault{at, rapidjson::GetParseError_En(result.Code())};
}

JsonValue JsonDoc::root() const noexcept {
  return tape_.empty() ? JsonValue() : JsonValue(text_, tape_.data());
}

}  // namespace leat::pipelines
