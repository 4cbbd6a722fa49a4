#include "pipelines/result/file_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/http/message/url_parts.hpp"
#include "engine/redis/process_name.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "engine/text/visible.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

namespace {

// One value inside one component: no separator, no control character (C0, DEL, or C1 in UTF-8), and nothing
// that has a file manager show the name in another order, with another ending.
std::string safe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool turns = byte == 0xE2 && text::turns_direction(text.substr(i));
    const bool bad = byte < 0x20 || byte == 0x7F || c1 || turns || text[i] == '/' || text[i] == '\\';
    out += bad ? '_' : text[i];
    i += c1 ? 1 : turns ? 2 : 0;
  }
  return out;
}

// A segment of a URL's path. What does not decode to UTF-8 stays encoded: a name must be printable in JSON.
std::string segment(std::string_view encoded) {
  const std::string decoded = text::percent_decoded(encoded);
  return safe(text::is_utf8(decoded) ? std::string_view(decoded) : encoded);
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string name_of(const NameSource& source) {
  if (source.name)
    return text::is_utf8(*source.name) ? safe(*source.name)
                                       : safe(text::printable(*source.name, kMaxComponent));
  const auto last = last_segment(source.path);
  return last.empty() ? "index.html" : segment(last);
}

// Where the extension starts, with its dot; the size of the name if it has no extension.
std::size_t extension_at(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

std::string whole_path(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) {
      if (!out.empty()) out += '/';
      out += segment(path.substr(at, end - at));
    }
    at = end + 1;
  }
  if (path.empty() || path.back() == '/') out += out.empty() ? "index.html" : "/index.html";
  return out;
}

// "a/b" of "/a/b/c"; "" of "/c".
std::string folders(std::string_view path) {
  std::string out;
  for (const auto& one : path_segments(path, false)) out += out.empty() ? one : "/" + one;
  return out;
}

// "CON", "con.txt" and the like, which Windows takes for devices.
bool is_reserved(std::string_view component) {
  constexpr std::array<std::string_view, 6> kNames{"con", "prn", "aux", "nul", "com", "lpt"};
  std::string stem = text::to_lower(component.substr(0, component.find('.')));
  while (!stem.empty() && stem.back() == ' ') stem.pop_back();
  const bool numbered_one = stem.size() == 4 && stem[3] >= '1' && stem[3] <= '9';
  const auto found = std::find(kNames.begin(), kNames.end(), std::string_view(stem).substr(0, 3));
  if (found == kNames.end()) return false;
  return found - kNames.begin() < 4 ? stem.size() == 3 : numbered_one;
}

std::string cut(const std::string& component) {
  constexpr std::size_t kLongestExtension = 32;
  std::string extension = component.substr(extension_at(component));
  if (extension.size() > kLongestExtension) extension.clear();
  const std::string mark = fmt::format("~{:08x}", static_cast<std::uint32_t>(text::hash64(component) >> 32));
  const auto head = text::cut_utf8(component, kMaxComponent - mark.size() - extension.size());
  return std::string(head) + mark + extension;
}

std::string component_of(std::string text) {
  if (text == "." || text == "..") return std::string(text.size(), '_');
  if (is_reserved(text)) text.insert(text.begin(), '_');
  return text.size() > kMaxComponent ? cut(text) : text;
}

// "x.part" is the unfinished "x", and "x.part.resume" is the note beside it.
std::string file_of(std::string path) {
  if (path.ends_with(".part") || path.ends_with(".part.resume")) path += '_';
  return path;
}

std::string by_components(std::string_view joined) {
  std::string out;
  for (std::size_t at = 0; at < joined.size();) {
    const std::size_t end = std::min(joined.find('/', at), joined.size());
    if (end > at) {
      if (!out.empty()) out += '/';
      out += component_of(std::string(joined.substr(at, end - at)));
    }
    at = end + 1;
  }
  return out;
}

Result<std::string> record_value(const TemplateField& field, Input* record) {
  if (record == nullptr) return Error(Errc::name_refused, "{" + field.path().text() + "} has no value here");
  std::string text;
  if (auto error = field.append_to(text, *record)) return std::move(*error);
  return safe(text);
}

// "web1-4711": a colon is no part of a name on every file system.
std::string process_value() {
  std::string name = redis::process_name();
  std::replace(name.begin(), name.end(), ':', '-');
  return safe(name);
}

std::string_view or_default(std::string_view value, std::string_view standard) noexcept {
  return value.empty() ? standard : value;
}

Result<std::string> value_of(const NameTemplate::Part& part, const NameSource& source) {
  switch (part.field) {
    case NameField::host:
      return safe(source.host);
    case NameField::path:
      return whole_path(source.path);
    case NameField::name:
      return name_of(source);
    case NameField::ext: {
      const std::string name = name_of(source);
      const std::size_t dot = extension_at(name);
      return dot == name.size() ? std::string() : name.substr(dot + 1);
    }
    case NameField::stem: {
      const std::string name = name_of(source);
      return name.substr(0, extension_at(name));
    }
    case NameField::line:
      if (source.line == 0) {
        return Error(Errc::name_refused, "{line} has no value: this URL came from no line; {id} has one");
      }
      return std::to_string(source.line);
    case NameField::id:
      return std::to_string(source.id);
    case NameField::sha256:
      return std::string(source.sha256.substr(0, part.digits));
    case NameField::query:
      return segment(source.query);
    case NameField::port:
      return std::string(or_default(source.port, "80"));
    case NameField::scheme:
      return std::string(or_default(source.scheme, "http"));
    case NameField::dir:
      return folders(source.path);
    case NameField::process:
      return process_value();
    case NameField::record:
      return record_value(*part.value, source.record);
  }
  return Error(Errc::internal, "a field without a meaning");
}

}  // namespace

NameSource name_source_of(const Record& record, const http::UrlParts& url) {
  NameSource source;
  source.scheme = url.scheme;
  source.host = url.host;
  source.port = url.port;
  source.path = url.path;
  source.query = url.query;
  source.line = record.line;
  source.id = record.id;
  source.sha256 = record.digests.find(DigestKind::sha256);
  return source;
}

Result<std::string> expand_name(const NameTemplate& name, const NameSource& source) {
  std::string joined;
  for (const auto& part : name.parts()) {
    if (!part.is_field) {
      joined += part.text;
      continue;
    }
    auto value = value_of(part, source);
    if (!value) return value;
    joined += part.filters.empty() ? *value : safe(filtered(std::move(*value), part.filters));
  }
  std::string path = by_components(joined);
  if (path.empty() || joined.back() == '/') {
    return Error(Errc::name_refused, "the template gives no file name for this URL");
  }
  return file_of(std::move(path));
}

std::vector<std::string> path_segments(std::string_view path, bool with_last) {
  if (!with_last) path = path.substr(0, path.rfind('/') + 1);
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) segments.push_back(component_of(segment(path.substr(at, end - at))));
    at = end + 1;
  }
  return segments;
}

std::string safe_component(std::string_view text) { return component_of(safe(text)); }

std::string with_query(const std::string& component, std::string_view query) {
  return file_of(component_of(component + "@" + segment(query)));
}

std::string numbered(const std::string& path, unsigned number) {
  const std::size_t start = path.rfind('/') + 1;
  const std::size_t dot = start + extension_at(std::string_view(path).substr(start));
  const auto with_number = fmt::format("{}.{}{}", path.substr(start, dot - start), number, path.substr(dot));
  return path.substr(0, start) + component_of(with_number);
}

}  // namespace leat::pipelines
