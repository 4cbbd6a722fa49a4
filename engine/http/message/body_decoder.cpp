#include "engine/http/message/body_decoder.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kMostLayers = 5;

struct Coding {
  std::string_view name;
  io::Compression kind;
};
constexpr std::array kCodings{
    Coding{"gzip", io::Compression::gzip},       Coding{"x-gzip", io::Compression::gzip},
    Coding{"deflate", io::Compression::deflate}, Coding{"br", io::Compression::brotli},
    Coding{"zstd", io::Compression::zstd},
};

// Words that servers send in Content-Encoding for a body that is not encoded.
constexpr std::array<std::string_view, 6> kNoContentCodings{"identity", "none", "binary",
                                                            "7bit",     "8bit", "aws-chunked"};
constexpr std::array<std::string_view, 2> kNoTransferCodings{"identity", "chunked"};
// And how the names of charsets begin, which stand there by mistake.
constexpr std::array<std::string_view, 16> kCharsets{
    "utf",   "iso-8859", "iso8859", "iso_8859", "us-ascii", "ascii", "windows-", "cp125",
    "latin", "koi8-",    "gb2312",  "gbk",      "gb18030",  "big5",  "shift",    "euc-"};

bool is_charset(std::string_view word) {
  return std::any_of(kCharsets.begin(), kCharsets.end(),
                     [word](std::string_view start) { return text::starts_with_ignoring_case(word, start); });
}

void add_codings(const Headers& headers, bool is_content, std::vector<std::string_view>& names) {
  const std::string_view field = is_content ? "content-encoding" : "transfer-encoding";
  const auto none = is_content ? std::span<const std::string_view>(kNoContentCodings) : kNoTransferCodings;
  headers.for_each([&](std::string_view name, std::string_view value) {
    if (!text::equal_ignoring_case(name, field)) return;
    for (const auto piece : text::split(value, ',')) {
      const auto coding = text::trimmed(piece);
      const bool is_none =
          std::any_of(none.begin(), none.end(),
                      [coding](std::string_view word) { return text::equal_ignoring_case(word, coding); }) ||
          (is_content && is_charset(coding));
      if (!coding.empty() && !is_none) names.push_back(coding);
    }
  });
}

}  // namespace

Status BodyDecoder::begin(const ResponseHead& head, bool content) {
  layers_.clear();
  started_ = false;
  if (!content && !head.coded) return std::nullopt;
  std::vector<std::string_view> names;  // the innermost first
  if (content) add_codings(head.headers, true, names);
  if (head.coded) add_codings(head.headers, false, names);
  if (names.size() > kMostLayers) return Error(Errc::bad_response, "more than 5 content encodings");
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const auto* const coding = std::find_if(kCodings.begin(), kCodings.end(), [name](const Coding& row) {
      return text::equal_ignoring_case(row.name, *name);
    });
    if (coding == kCodings.end()) {
      return Error(Errc::bad_response, "the content encoding is none of gzip, deflate, br and zstd");
    }
    layers_.push_back(io::Decompressor::make(coding->kind));
  }
  return std::nullopt;
}

// A body without any byte is the one of a HEAD, or it is simply empty.
Status BodyDecoder::finish() const {
  if (!started_) return std::nullopt;
  const bool whole =
      std::all_of(layers_.begin(), layers_.end(), [](const auto& layer) { return layer->complete(); });
  if (whole) return std::nullopt;
  return Error(Errc::bad_response, "the compressed body is cut short");
}

}  // namespace leat::http
