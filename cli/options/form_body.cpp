#include "cli/options/form_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using http::FormPart;

// The types that curl gives files by the ends of their names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
    {".gif", "image/gif"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain"},
    {".htm", "text/html"},
    {".html", "text/html"},
    {".pdf", "application/pdf"},
    {".xml", "application/xml"},
}};

std::string_view type_of(std::string_view path) noexcept {
  for (const auto& [ending, type] : kTypes) {
    if (path.size() >= ending.size() &&
        text::equal_ignoring_case(path.substr(path.size() - ending.size()), ending))
      return type;
  }
  return "application/octet-stream";
}

// Up to the next ';' that is followed by a known word, or the text in double quotes.
std::string take_value(std::string_view& rest) {
  if (rest.starts_with('"')) {
    std::string out;
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      out += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return out;
  }
  std::size_t end = 0;
  while (end < rest.size()) {
    end = std::min(rest.find(';', end), rest.size());
    const auto word = text::trimmed(rest.substr(std::min(end + 1, rest.size())));
    if (end == rest.size() || word.starts_with("type=") || word.starts_with("filename=")) break;
    ++end;
  }
  std::string out(rest.substr(0, end));
  rest.remove_prefix(end);
  return out;
}

Error bad(std::string_view option, std::size_t number, std::string_view what) {
  return Error(Errc::bad_input, fmt::format("--{}: number {} (not shown): {}", option, number, what));
}

// ";type=TYPE;filename=NAME"
Status take_attributes(std::string_view rest, FormPart& field) {
  while (!text::trimmed(rest).empty()) {
    rest = text::trimmed(rest);
    if (rest.front() != ';') return Error(Errc::bad_input, "takes ;type= and ;filename= behind the value");
    rest = text::trimmed(rest.substr(1));
    const bool is_type = rest.starts_with("type=");
    if (!is_type && !rest.starts_with("filename="))
      return Error(Errc::bad_input, "takes ;type= and ;filename= behind the value");
    rest.remove_prefix(rest.find('=') + 1);
    auto value = take_value(rest);
    if (value.find_first_of("\r\n") != value.npos) return Error(Errc::bad_input, "a line break in it");
    if (is_type) {
      field.type = std::move(value);
    } else {
      field.filename = std::move(value);
    }
  }
  return std::nullopt;
}

Result<FormPart> read_field(const GivenOption& one, std::size_t number, System& system) {
  const std::string_view name = one.option->name;
  const auto equals = one.text.find('=');
  if (equals == std::string::npos || equals == 0) return bad(name, number, "takes NAME=DATA");
  FormPart field;
  field.name = one.text.substr(0, equals);
  std::string_view rest = std::string_view(one.text).substr(equals + 1);
  if (name == "form-string") {
    field.content = rest;
    return field;
  }
  const char how = rest.empty() ? '\0' : rest.front();
  const bool is_file = how == '@' || how == '<';
  if (is_file) rest.remove_prefix(1);
  std::string value = take_value(rest);
  if (auto error = take_attributes(rest, field)) return bad(name, number, error->message);
  if (!is_file) {
    field.content = std::move(value);
    return field;
  }
  auto file = system.read_file(value);
  if (!file) {
    return Error(Errc::bad_input,
                 fmt::format("--{}: {}: {}", name, text::in_quotes(value), file.error().message));
  }
  field.content = std::move(*file);
  if (how == '<') return field;
  if (!field.filename) field.filename = value == "-" ? "-" : value.substr(value.rfind('/') + 1);
  if (field.type.empty()) field.type = type_of(value);
  return field;
}

}  // namespace

Result<http::FormData> read_form(const Given& given, System& system) {
  std::vector<FormPart> fields;
  for (const auto& one : given.options) {
    if (one.option->name != "form" && one.option->name != "form-string") continue;
    auto field = read_field(one, fields.size() + 1, system);
    if (!field) return std::move(field.error());
    fields.push_back(std::move(*field));
  }
  return http::form_data(fields);
}

}  // namespace leat::cli
