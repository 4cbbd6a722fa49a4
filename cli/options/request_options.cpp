#include "cli/options/request_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/options/option_value.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/expr/template.hpp"

namespace leat::cli {

namespace {

bool has_line_break_or_nul(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Error unreadable(std::string_view option, const std::string& path, const Error& why) {
  return Error(Errc::bad_input, fmt::format("{}: {}: {}", option, text::in_quotes(path), why.message));
}

Status add_header(std::string field, std::size_t number, std::vector<std::string>& headers) {
  if (const auto error = http::check_header(field)) {
    return Error(Errc::bad_input,
                 fmt::format("--header: number {} (not shown): {}; takes \"Name: value\", or @FILE", number,
                             error->message));
  }
  headers.push_back(std::move(field));
  return std::nullopt;
}

// The lines of a file of headers; CRLF and blank lines are accepted.
Status add_headers_of(const std::string& text, std::size_t number, std::vector<std::string>& headers) {
  for (auto line : text::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (auto error = add_header(std::string(line), number, headers)) return error;
  }
  return std::nullopt;
}

Status read_headers(const Given& given, System& system, std::vector<std::string>& headers) {
  const auto lines = given.texts("header");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with('@')) {
      if (auto error = add_header(lines[i], i + 1, headers)) return error;
      continue;
    }
    const auto file = system.read_file(lines[i].substr(1));
    if (!file) return unreadable("--header", lines[i].substr(1), file.error());
    if (auto error = add_headers_of(file.value(), i + 1, headers)) return error;
  }
  return std::nullopt;
}

bool is_data(const GivenOption& one) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"data", "data-raw", "data-binary", "json"};
  return std::find(kNames.begin(), kNames.end(), one.option->name) != kNames.end();
}

bool is_file(const GivenOption& one) noexcept {
  return one.option->name != "data-raw" && one.text.starts_with('@');
}

// As curl: several parts are joined by '&', and -d @FILE loses CR, LF and NUL.
Status read_body(const Given& given, System& system, std::optional<std::string>& body) {
  for (const auto& one : given.options) {
    if (!is_data(one)) continue;
    std::string text = one.text;
    if (is_file(one)) {
      auto file = system.read_file(text.substr(1));
      if (!file) return unreadable("--" + std::string(one.option->name), text.substr(1), file.error());
      text = std::move(file.value());
      if (one.option->name == "data") {
        std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
      }
    }
    if (!body) {
      body = std::move(text);
    } else {
      *body += (one.option->name == "json" ? "" : "&") + text;
    }
  }
  return std::nullopt;
}

Status complete_user(std::string_view option, System& system, std::string& userpwd) {
  if (userpwd.find(':') == std::string::npos) {
    const auto password = system.ask_secret(fmt::format("Password for user {}: ", text::in_quotes(userpwd)));
    if (!password) {
      return Error(
          Errc::bad_input,
          fmt::format("{}: no password given, and no terminal to ask for it; takes USER:PASSWORD", option));
    }
    userpwd += ":" + *password;
  }
  if (has_line_break_or_nul(userpwd)) {
    return Error(Errc::bad_input,
                 fmt::format("{}: a value with a line break (not shown) given; takes USER:PASSWORD", option));
  }
  return std::nullopt;
}

bool has_header(const std::vector<std::string>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const std::string& field) {
    return field.find_first_of(":;") == name.size() && text::starts_with_ignoring_case(field, name);
  });
}

// What options other than -H make headers of; one of the user's own comes first.
Status add_made_headers(const Given& given, std::vector<std::string>& headers) {
  const auto add = [&headers](std::string_view name, const std::string& value) {
    if (!has_header(headers, name)) headers.push_back(fmt::format("{}: {}", name, value));
  };
  if (given.has("oauth2-bearer")) {
    const auto token = given.text("oauth2-bearer");
    if (has_line_break_or_nul(token))
      return Error(Errc::bad_input, "--oauth2-bearer: a value with a line break (not shown) given");
    add("Authorization", "Bearer " + token);
  }
  if (given.has("referer")) add("Referer", given.text("referer"));
  if (!given.has("json")) return std::nullopt;
  add("Content-Type", "application/json");
  add("Accept", "application/json");
  return std::nullopt;
}

Status read_upload(const Given& given, System& system, RequestConfig& request) {
  if (given.has("head")) {
    if (request.body || given.has("upload-file")) {
      return Error(Errc::bad_input, "--head: given together with a body to send; give one or the other");
    }
    if (request.method.empty()) request.method = "HEAD";
  }
  if (!given.has("upload-file")) return std::nullopt;
  const std::string file = given.text("upload-file");
  if (request.body)
    return Error(Errc::bad_input, "--upload-file: given together with -d; give one or the other");
  if (file == "-" || file == ".") {
    return not_taken("--upload-file", file, "a file; standard input can't be sent more than once");
  }
  if (const auto error = system.check_readable(file)) return unreadable("--upload-file", file, *error);
  request.upload = pipelines::literal_template(file);
  return std::nullopt;
}

}  // namespace

std::string_view option_that_reads_stdin(const Given& given) noexcept {
  for (const auto& one : given.options) {
    const bool reads_file = one.option->name == "header" || (is_data(one) && is_file(one));
    if (reads_file && one.text == "@-") return one.option->name;
  }
  return {};
}

Result<RequestConfig> read_request_options(const Given& given, System& system) {
  RequestConfig request;
  request.method = given.text("request");
  request.userpwd = given.text("user");
  request.proxy_user = given.text("proxy-user");
  if (auto error = read_headers(given, system, request.headers)) return std::move(*error);
  if (auto error = read_body(given, system, request.body)) return std::move(*error);
  if (auto error = add_made_headers(given, request.headers)) return std::move(*error);
  if (auto error = read_upload(given, system, request)) return std::move(*error);
  if (!request.proxy_user.empty()) {
    if (auto error = complete_user("--proxy-user", system, request.proxy_user)) return std::move(*error);
  }
  if (given.has("user")) {
    if (auto error = complete_user("--user", system, request.userpwd)) return std::move(*error);
  }
  return request;
}

}  // namespace leat::cli
