#include "pipelines/stages/source/aria2_entry.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/stages/source/line_parser.hpp"

namespace leat::pipelines {

namespace {

// Left out, they would make another request of it, or send it another way.
constexpr std::array<std::string_view, 16> kNeeded{
    "http-user",          "http-passwd",       "ftp-user",         "ftp-passwd",
    "all-proxy",          "all-proxy-user",    "all-proxy-passwd", "http-proxy",
    "http-proxy-user",    "http-proxy-passwd", "https-proxy",      "https-proxy-user",
    "https-proxy-passwd", "ftp-proxy",         "ftp-proxy-user",   "ftp-proxy-passwd"};

constexpr std::string_view kBlanks = " \t\r\v\f";

std::string in_quotes(std::string_view text) { return "\"" + text::printable(text, 60) + "\""; }

Error at_line(std::uint64_t number, const std::string& why) {
  return Error(Errc::bad_input, "line " + std::to_string(number) + ": " + why);
}

// "sha-256=0123…"; empty if that is right.
std::string read_checksum(Record& record, std::string_view value) {
  const auto equals = std::min(value.find('='), value.size());
  std::string name = text::to_lower(value.substr(0, equals));
  std::erase(name, '-');
  const auto kind = digest_kind(name);
  if (!kind) return "checksum= takes sha-256, sha-1, sha-512 or md5, then = and the digest";
  auto hex =
      checksum_hex(*kind, equals < value.size() ? text::trimmed(value.substr(equals + 1), kBlanks) : "");
  if (!hex) return "checksum=" + name + " takes " + std::to_string(hex_size(*kind)) + " hex digits";
  record.expected.put(*kind, std::move(*hex));
  return {};
}

std::string read_header(Record& record, std::string field) {
  if (auto error = http::check_header(field)) return std::move(error->message);
  record.request.headers.push_back(std::move(field));
  return {};
}

std::string path_of(std::string_view dir, std::string_view out) {
  if (dir.empty() && out.empty()) return {};
  std::string path = literal_template(dir);
  if (!path.empty() && path.back() != '/') path += '/';
  return path + (out.empty() ? "{name}" : literal_template(out));
}

}  // namespace

Aria2Entry::Aria2Entry(std::string_view uris, std::uint64_t number) : number_(number), uris_(uris) {
  keep(uris, number);
}

void Aria2Entry::keep(std::string_view line, std::uint64_t number) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find('\0') != line.npos) refuse(number, "holds a NUL byte");
  if (!text::is_utf8(line)) refuse(number, "is not UTF-8");
  if (too_long_ || source_.size() + line.size() > kMaxLine) return drop(number);
  if (!source_.empty()) source_ += '\n';
  source_ += line;
}

void Aria2Entry::drop(std::uint64_t number) {
  too_long_ = true;
  refuse(number, "the download has more than " + std::to_string(kMaxLine) + " bytes");
  options_ = {};
  source_ = {};
}

void Aria2Entry::refuse(std::uint64_t number, const std::string& why) {
  if (fault_.empty()) fault_ = "line " + std::to_string(number) + ": " + why;
}

void Aria2Entry::add_option(std::string_view line, std::uint64_t number) {
  keep(line, number);
  const auto text = text::trimmed(line, kBlanks);
  const auto equals = text.find('=');
  if (equals == text.npos)
    return refuse(number, "an option is NAME=VALUE, and what it belongs to stands above");
  if (!fault_.empty()) return;
  options_.push_back({std::string(text::trimmed(text.substr(0, equals), kBlanks)),
                      std::string(text::trimmed(text.substr(equals + 1), kBlanks)), number});
}

RecordPtr Aria2Entry::make_record() const {
  auto record = std::make_unique<Record>();
  record->line = number_;
  Status error;
  if (!fault_.empty()) {
    error = Error(Errc::bad_input, fault_);
    record->input = http::shown_url(text::trimmed(uris_, kBlanks));
  } else {
    error = read_uris(*record);
    if (!error) error = read_options(*record);
  }
  if (error) record->fail(std::move(*error), "aria2");
  return record;
}

Status Aria2Entry::read_uris(Record& record) const {
  Status first_error;
  for (std::string_view rest = uris_; !rest.empty();) {
    const auto tab = std::min(rest.find('\t'), rest.size());
    const auto uri = text::trimmed(rest.substr(0, tab), kBlanks);
    rest.remove_prefix(std::min(tab + 1, rest.size()));
    if (uri.empty()) continue;
    auto error = http::check_url(uri);
    if (error && !first_error) {
      first_error = error;
      record.input = http::shown_url(uri);
    }
    if (error && error->code != Errc::unsupported_scheme) return error;
    if (error) continue;
    if (record.request.url.empty()) {
      record.request.url = uri;
    } else {
      record.mirrors.emplace_back(uri);
    }
  }
  if (record.request.url.empty()) return first_error;
  record.input.clear();
  return std::nullopt;
}

Status Aria2Entry::read_options(Record& record) const {
  std::string_view dir;
  std::string_view out;
  std::vector<const Option*> others;
  for (const auto& option : options_) {
    std::string fault;
    if (option.name == "dir") {
      dir = option.value;
    } else if (option.name == "out") {
      out = option.value;
    } else if (option.name == "checksum") {
      fault = read_checksum(record, option.value);
    } else if (option.name == "header") {
      fault = read_header(record, option.value);
    } else if (option.name == "referer") {
      const bool is_own = option.value == "*";
      fault = read_header(
          record, "Referer: " + (is_own ? http::without_userinfo(record.request.url.text()) : option.value));
    } else if (option.name == "user-agent") {
      fault = read_header(record, "User-Agent: " + option.value);
    } else if (std::find(kNeeded.begin(), kNeeded.end(), option.name) != kNeeded.end()) {
      fault = in_quotes(option.name) + " is not taken from a list; give it on the command line (-u, -x)";
    } else {
      others.push_back(&option);
    }
    if (!fault.empty()) return at_line(option.line, fault);
  }
  record.output = path_of(dir, out);
  if (!record.output.empty()) {
    if (auto name = NameTemplate::compile(record.output); !name)
      return at_line(number_, name.error().message);
  }
  if (others.empty()) return std::nullopt;
  std::string& meta = record.meta;
  meta = "{";
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto is_later = [&](const Option* later) { return later->name == others[i]->name; };
    if (std::any_of(others.begin() + static_cast<std::ptrdiff_t>(i) + 1, others.end(), is_later)) continue;
    if (meta.size() > 1) meta += ',';
    meta += json_text(others[i]->name) + ":" + json_text(others[i]->value);
  }
  meta += '}';
  return std::nullopt;
}

}  // namespace leat::pipelines
