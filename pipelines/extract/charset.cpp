#include "pipelines/extract/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

struct Encoding {
  const char* iconv;  // glibc's name of what browsers read by these labels; empty: UTF-8
  std::string_view labels;
};

// All labels of the WHATWG's Encoding standard (4.2), with blanks between them.
constexpr Encoding kEncodings[] = {
    {"", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"},
    {"CP866", "866 cp866 csibm866 ibm866"},
    {"LATIN2", "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"},
    {"LATIN3", "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {"LATIN4", "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {"CYRILLIC",
     "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"},
    {"ARABIC",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
     "iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"},
    {"GREEK",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
     "iso_8859-7:1987 sun_eu_greek"},
    {"HEBREW",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
     "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical"},
    {"LATIN6", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"LATIN7", "iso-8859-13 iso8859-13 iso885913"},
    {"LATIN8", "iso-8859-14 iso8859-14 iso885914"},
    {"LATIN-9", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {"LATIN10", "iso-8859-16"},
    {"KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r"},
    {"KOI8-RU", "koi8-ru koi8-u"},
    {"MACINTOSH", "csmacintosh mac macintosh x-mac-roman"},
    {"CP874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
    {"CP1250", "cp1250 windows-1250 x-cp1250"},
    {"CP1251", "cp1251 windows-1251 x-cp1251"},
    {"CP1252",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 "
     "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"},
    {"CP1253", "cp1253 windows-1253 x-cp1253"},
    {"CP1254",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
     "windows-1254 x-cp1254"},
    {"CP1255", "cp1255 windows-1255 x-cp1255"},
    {"CP1256", "cp1256 windows-1256 x-cp1256"},
    {"CP1257", "cp1257 windows-1257 x-cp1257"},
    {"CP1258", "cp1258 windows-1258 x-cp1258"},
    {"MAC-UK", "x-mac-cyrillic x-mac-ukrainian"},
    {"GB18030", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030"},
    {"BIG5-HKSCS", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"EUC-JP-MS", "cseucpkdfmtjapanese euc-jp x-euc-jp"},
    {"ISO-2022-JP", "csiso2022jp iso-2022-jp"},
    {"CP932", "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
    {"CP949",
     "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
     "windows-949"},
    {"UTF-16BE", "unicodefffe utf-16be"},
    {"UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
    {"replacement", "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement"},
    {"x-user-defined", "x-user-defined"},
};

constexpr std::string_view kCharset = "charset";
constexpr const char* kUtf8 = kEncodings[0].iconv;
constexpr const char* kWithoutLabel = "CP1252";  // what browsers take a text for that is no UTF-8

struct CloseIconv {
  void operator()(iconv_t converter) const noexcept { iconv_close(converter); }
};
using Converter = std::unique_ptr<std::remove_pointer_t<iconv_t>, CloseIconv>;

// The encodings of the standard that are no encodings: one error, and bytes kept in a private place.
std::optional<std::string> convert_specially(std::string_view body, std::string_view from) {
  if (from == "replacement") return std::string(body.empty() ? "" : text::kReplacement);
  if (from != "x-user-defined") return std::nullopt;
  std::string out;
  for (const char c : body) {
    const auto byte = static_cast<unsigned char>(c);
    text::append_utf8(out, byte < 0x80 ? char32_t{byte} : char32_t{0xF700} + byte);
  }
  return out;
}

// The standard maps the bytes that Windows' code pages leave out in this range to control characters.
bool is_left_out(std::string_view from, char byte) noexcept {
  const auto code = static_cast<unsigned char>(byte);
  return (from.starts_with("CP125") || from == "CP874") && code >= 0x80 && code < 0xA0;
}

Converter open_converter(const char* from) noexcept {
  iconv_t opened = iconv_open("UTF-8", from);
  return Converter(opened == reinterpret_cast<iconv_t>(-1) ? nullptr : opened);
}

// Gives the number of bytes that are left because the text ends within a character.
std::size_t convert_whole_characters(const Converter& converter, std::string_view from, std::string_view body,
                                     std::string& out) {
  std::array<char, 16384> piece;
  char* in = const_cast<char*>(body.data());  // iconv takes a char** and only reads
  std::size_t left = body.size();
  while (left > 0) {
    char* to = piece.data();
    std::size_t room = piece.size();
    const std::size_t done = iconv(converter.get(), &in, &left, &to, &room);
    out.append(piece.data(), piece.size() - room);
    if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno == EINVAL) break;  // cut off within a character
    if (is_left_out(from, *in)) {
      text::append_utf8(out, static_cast<unsigned char>(*in));
    } else {
      out += text::kReplacement;
    }
    const std::size_t skip = from.starts_with("UTF-16") ? std::min<std::size_t>(left, 2) : 1;
    in += skip;
    left -= skip;
  }
  return left;
}

std::string convert(std::string_view body, const char* from) {
  if (auto special = convert_specially(body, from)) return std::move(*special);
  const auto converter = open_converter(from);
  if (converter == nullptr) return text::to_utf8(body);  // a bare container has no gconv modules
  std::string out;
  if (convert_whole_characters(converter, from, body, out) > 0) out += text::kReplacement;
  return out;
}

// The value behind "charset=" or "encoding=" in a piece of lower-case text.
std::string_view value_behind(std::string_view text, std::string_view key) noexcept {
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    std::string_view rest = text.substr(at + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(kHtmlBlanks), rest.size()));
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f\"'"), rest.size()));
    return rest.substr(0, rest.find_first_of(" \t\r\n\f\"';,>/?"));
  }
  return {};
}

std::string meta_charset(std::string_view head) {
  while (!head.empty()) {
    const auto open = head.find('<');
    if (open == std::string_view::npos) return {};
    head.remove_prefix(open);
    const bool is_comment = head.starts_with("<!--");
    const auto end = is_comment ? head.find("-->") : head.find('>');
    const std::string_view tag = head.substr(0, end);
    if (text::starts_with_ignoring_case(tag, "<meta")) {
      const std::string lower = text::to_lower(tag);
      if (const auto found = value_behind(lower, kCharset); !found.empty()) return std::string(found);
    }
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  }
  return {};
}

// The encoding that the body names. It can't be UTF-16, since the name was read as ASCII.
std::string declared(std::string_view body, Markup markup) {
  const std::string_view head = body.substr(0, 1024);
  std::string found;
  if (markup == Markup::html) found = meta_charset(head);
  if (found.empty() && text::starts_with_ignoring_case(head, "<?xml")) {
    found = value_behind(text::to_lower(head.substr(0, head.find("?>"))), "encoding");
  }
  return found.starts_with("utf-16") ? std::string() : found;
}

// Null: it is no label of an encoding.
const char* iconv_name(std::string_view label) noexcept {
  if (label.empty()) return nullptr;
  if (label == "utf-8") return kUtf8;
  for (const auto& encoding : kEncodings) {
    for (const auto known : text::split(encoding.labels, ' ')) {
      if (known == label) return encoding.iconv;
    }
  }
  return nullptr;
}

// Takes the byte order mark off.
const char* byte_order_mark(std::string_view& body) noexcept {
  const bool is_utf8_mark = body.starts_with(text::kByteOrderMark);
  const bool little = body.starts_with("\xFF\xFE");
  const bool big = body.starts_with("\xFE\xFF");
  body.remove_prefix(is_utf8_mark ? 3 : little || big ? 2 : 0);
  if (little) return "UTF-16LE";
  if (big) return "UTF-16BE";
  return is_utf8_mark ? kUtf8 : nullptr;
}

// Whether the next byte decides what mark that is, if it is one.
bool may_become_mark(std::string_view start) noexcept {
  return start.size() < 3 && (text::kByteOrderMark.starts_with(start) || start == "\xFF" || start == "\xFE");
}

const char* encoding_of(std::string_view body, std::string_view content_type, Markup markup) {
  const std::string type = text::to_lower(content_type);
  const char* named = iconv_name(value_behind(type, kCharset));
  return named != nullptr ? named : iconv_name(declared(body, markup));
}

}  // namespace

Markup markup_of(std::string_view content_type, std::string_view body) {
  const std::string type =
      text::to_lower(text::trimmed(content_type.substr(0, content_type.find(';')), kHtmlBlanks));
  if (type == "text/html" || type == "application/xhtml+xml") return Markup::html;
  if (type == "text/xml" || type == "application/xml" || type.ends_with("+xml")) return Markup::xml;
  body = text::without_byte_order_mark(body);
  body = text::trimmed(body.substr(0, 512), kHtmlBlanks);
  if (!body.starts_with("<?xml")) return Markup::html;
  const std::string start = text::to_lower(body);
  const bool is_xhtml = start.find("<html") != start.npos || start.find("<!doctype html") != start.npos;
  return is_xhtml ? Markup::html : Markup::xml;
}

Utf8Body::Utf8Body(std::string_view body, std::string_view content_type, Markup markup) : text_(body) {
  const char* from = byte_order_mark(text_);
  if (from == nullptr) from = encoding_of(text_, content_type, markup);
  read_as(from);
}

Utf8Body::Utf8Body(std::string_view json, std::string_view content_type) : text_(json) {
  const char* from = byte_order_mark(text_);
  if (from == nullptr && content_type.size() >= kCharset.size()) {
    from = iconv_name(value_behind(text::to_lower(content_type), kCharset));
  }
  if (from == nullptr || from == kUtf8) return;
  read_as(from);
}

class Utf8Stream::Encoding {
 public:
  explicit Encoding(const char* from) : from_(from), converter_(open_converter(from)) {}

  // Gives the number of bytes that are left for the next piece.
  std::size_t convert(std::string_view piece, std::string& out) const {
    if (converter_ != nullptr) return convert_whole_characters(converter_, from_, piece, out);
    out += convert_specially(piece, from_).value_or(std::string(piece));
    return 0;
  }

 private:
  std::string_view from_;
  Converter converter_;
};

Utf8Stream::Utf8Stream(std::string_view content_type)
    : labelled_(iconv_name(value_behind(text::to_lower(content_type), kCharset))) {}
Utf8Stream::Utf8Stream(Utf8Stream&&) noexcept = default;
Utf8Stream& Utf8Stream::operator=(Utf8Stream&&) noexcept = default;
Utf8Stream::~Utf8Stream() = default;

void Utf8Stream::convert(std::string& chunk, bool is_last) {
  chunk.insert(0, std::exchange(held_, {}));
  if (!begun_) {
    if (may_become_mark(chunk) && !is_last) return held_.swap(chunk);
    begun_ = true;
    std::string_view rest = chunk;
    const char* marked = byte_order_mark(rest);
    chunk.erase(0, chunk.size() - rest.size());
    const char* from = marked == nullptr ? labelled_ : marked;
    known_ = from != nullptr;
    if (known_ && from != kUtf8) encoding_ = std::make_unique<Encoding>(from);
  }
  if (encoding_ == nullptr) return;
  std::string converted;
  const auto left = encoding_->convert(chunk, converted);
  if (is_last && left > 0) converted += text::kReplacement;
  if (!is_last) held_ = chunk.substr(chunk.size() - left);
  chunk = std::move(converted);
}

// Plain ASCII is the same in nearly all of them.
void Utf8Body::read_as(const char* from) {
  const std::string_view name = from == nullptr ? kUtf8 : from;
  if (from == nullptr || name == kWithoutLabel) {
    const bool is_same = from == nullptr ? text::is_utf8(text_) : text::is_ascii(text_);
    if (is_same) return;
    converted_ = convert(text_, kWithoutLabel);
  } else if (name != kUtf8) {
    converted_ = convert(text_, from);
  } else if (!text::is_utf8(text_)) {
    converted_ = text::to_utf8(text_);
  } else {
    return;
  }
  text_ = converted_;
}

}  // namespace leat::pipelines
