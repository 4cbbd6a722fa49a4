#include "pipelines/extract/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <type_traits>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

struct Label {
  std::string_view label;  // of the WHATWG's list; those that people use
  const char* iconv;       // glibc's name
};

// UTF-8 is not here, since it needs no conversion, nor are encodings that the standard refuses (UTF-7 …).
constexpr Label kLabels[] = {
    {"iso-8859-1", "CP1252"},   {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},   {"latin1", "CP1252"},
    {"l1", "CP1252"},           {"ascii", "CP1252"},
    {"us-ascii", "CP1252"},     {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},       {"x-cp1252", "CP1252"},
    {"windows-1250", "CP1250"}, {"cp1250", "CP1250"},
    {"windows-1251", "CP1251"}, {"cp1251", "CP1251"},
    {"windows-1253", "CP1253"}, {"cp1253", "CP1253"},
    {"windows-1254", "CP1254"}, {"cp1254", "CP1254"},
    {"iso-8859-9", "CP1254"},   {"latin5", "CP1254"},
    {"windows-1255", "CP1255"}, {"cp1255", "CP1255"},
    {"windows-1256", "CP1256"}, {"cp1256", "CP1256"},
    {"windows-1257", "CP1257"}, {"cp1257", "CP1257"},
    {"windows-1258", "CP1258"}, {"cp1258", "CP1258"},
    {"windows-874", "CP874"},   {"tis-620", "CP874"},
    {"iso-8859-11", "CP874"},   {"iso-8859-2", "LATIN2"},
    {"latin2", "LATIN2"},       {"iso-8859-3", "LATIN3"},
    {"latin3", "LATIN3"},       {"iso-8859-4", "LATIN4"},
    {"latin4", "LATIN4"},       {"iso-8859-5", "CYRILLIC"},
    {"cyrillic", "CYRILLIC"},   {"iso-8859-6", "ARABIC"},
    {"iso-8859-7", "GREEK"},    {"greek", "GREEK"},
    {"iso-8859-8", "HEBREW"},   {"iso-8859-8-i", "HEBREW"},
    {"iso-8859-10", "LATIN6"},  {"iso-8859-13", "LATIN7"},
    {"iso-8859-14", "LATIN8"},  {"iso-8859-15", "LATIN-9"},
    {"latin9", "LATIN-9"},      {"iso-8859-16", "LATIN10"},
    {"koi8-r", "KOI8-R"},       {"koi8", "KOI8-R"},
    {"koi8-u", "KOI8-U"},       {"ibm866", "CP866"},
    {"cp866", "CP866"},         {"macintosh", "MACINTOSH"},
    {"gb2312", "GB18030"},      {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},       {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},     {"big5-hkscs", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},     {"shift-jis", "CP932"},
    {"sjis", "CP932"},          {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},   {"euc-jp", "EUC-JP"},
    {"x-euc-jp", "EUC-JP"},     {"iso-2022-jp", "ISO-2022-JP"},
    {"euc-kr", "CP949"},        {"ks_c_5601-1987", "CP949"},
    {"korean", "CP949"},        {"windows-949", "CP949"},
    {"utf-16", "UTF-16LE"},     {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
};

struct CloseIconv {
  void operator()(iconv_t converter) const noexcept { iconv_close(converter); }
};
using Converter = std::unique_ptr<std::remove_pointer_t<iconv_t>, CloseIconv>;

std::string convert(std::string_view body, const char* from) {
  iconv_t opened = iconv_open("UTF-8", from);
  // A bare container has no gconv modules.
  if (opened == reinterpret_cast<iconv_t>(-1)) return text::to_utf8(body);
  const Converter converter(opened);
  std::string out;
  std::array<char, 16384> piece;
  char* in = const_cast<char*>(body.data());  // iconv takes a char** and only reads
  std::size_t left = body.size();
  while (left > 0) {
    char* to = piece.data();
    std::size_t room = piece.size();
    const std::size_t done = iconv(opened, &in, &left, &to, &room);
    out.append(piece.data(), piece.size() - room);
    if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    out += "\xEF\xBF\xBD";
    if (errno == EINVAL) break;  // cut off within a character
    const std::size_t skip =
        std::string_view(from).starts_with("UTF-16") ? std::min<std::size_t>(left, 2) : 1;
    in += skip;
    left -= skip;
  }
  return out;
}

bool has_word(std::string_view text, std::string_view word) noexcept {
  return text.find(word) != std::string_view::npos;
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

std::string_view meta_charset(std::string_view head) noexcept {
  while (!head.empty()) {
    const auto open = head.find('<');
    if (open == std::string_view::npos) return {};
    head.remove_prefix(open);
    const bool is_comment = head.starts_with("<!--");
    const auto end = is_comment ? head.find("-->") : head.find('>');
    const std::string_view tag = head.substr(0, end);
    if (tag.starts_with("<meta")) {
      if (const auto found = value_behind(tag, "charset"); !found.empty()) return found;
    }
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  }
  return {};
}

// The encoding that the body names. It can't be UTF-16, since the name was read as ASCII.
std::string declared(std::string_view body, Markup markup) {
  const std::string head = text::to_lower(body.substr(0, 1024));
  std::string_view found;
  if (markup == Markup::html) {
    found = meta_charset(head);
  } else if (head.starts_with("<?xml")) {
    found = value_behind(std::string_view(head).substr(0, head.find("?>")), "encoding");
  }
  return found.starts_with("utf-16") ? std::string() : std::string(found);
}

const char* iconv_name(std::string_view label) noexcept {
  const auto row = std::find_if(std::begin(kLabels), std::end(kLabels),
                                [&](const Label& known) { return known.label == label; });
  return row == std::end(kLabels) ? nullptr : row->iconv;
}

// Takes the byte order mark off.
const char* byte_order_mark(std::string_view& body, bool& is_utf8_mark) noexcept {
  is_utf8_mark = body.starts_with("\xEF\xBB\xBF");
  const bool little = body.starts_with("\xFF\xFE");
  const bool big = body.starts_with("\xFE\xFF");
  body.remove_prefix(is_utf8_mark ? 3 : little || big ? 2 : 0);
  if (little) return "UTF-16LE";
  return big ? "UTF-16BE" : nullptr;
}

}  // namespace

Markup markup_of(std::string_view content_type, std::string_view body) {
  const std::string type =
      text::to_lower(text::trimmed(content_type.substr(0, content_type.find(';')), kHtmlBlanks));
  if (type == "text/html" || type == "application/xhtml+xml") return Markup::html;
  if (type == "text/xml" || type == "application/xml" || type.ends_with("+xml")) return Markup::xml;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body = text::trimmed(body.substr(0, 512), kHtmlBlanks);
  const bool is_xhtml =
      has_word(text::to_lower(body), "<html") || has_word(text::to_lower(body), "<!doctype html");
  return body.starts_with("<?xml") && !is_xhtml ? Markup::xml : Markup::html;
}

Utf8Body::Utf8Body(std::string_view body, std::string_view content_type, Markup markup) : text_(body) {
  bool is_utf8_mark = false;
  const char* from = byte_order_mark(text_, is_utf8_mark);
  if (from == nullptr && !is_utf8_mark) {
    const std::string type = text::to_lower(content_type);
    std::string label(value_behind(type, "charset"));
    if (label.empty()) label = declared(text_, markup);
    from = iconv_name(label);
  }
  if (from != nullptr && !(std::string_view(from) == "CP1252" && text::is_ascii(text_))) {
    converted_ = convert(text_, from);
  } else if (!text::is_utf8(text_)) {
    converted_ = text::to_utf8(text_);
  } else {
    return;
  }
  text_ = converted_;
}

}  // namespace leat::pipelines
